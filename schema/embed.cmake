# SPDX-License-Identifier: MIT
# Writes ${OUT}, a C file with every schema/*.sql in order, as declared by
# lib/store/schema.h.  Bytes and not string literals: C17 promises only 4095 of those.
file(GLOB steps ${CMAKE_CURRENT_LIST_DIR}/[0-9][0-9][0-9]-*.sql)
list(SORT steps)

set(arrays "")
set(rows "")
set(count 0)
foreach(step ${steps})
	math(EXPR count "${count} + 1")
	get_filename_component(name ${step} NAME)
	string(SUBSTRING ${name} 0 3 number)
	if(NOT number EQUAL count)
		message(FATAL_ERROR "schema/${name}: should be version ${count}")
	endif()
	file(READ ${step} bytes HEX)
	string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
	string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
	string(APPEND arrays "static const char step_${count}[] = {\n${bytes}0\n};\n\n")
	string(APPEND rows "\t{ \"${name}\", step_${count} },\n")
endforeach()

file(WRITE ${OUT} "/* Made from schema/ by embed.cmake. */
#include \"store/schema.h\"

${arrays}const struct schema_step schema_steps[] = {
${rows}};

const int schema_version = ${count};
")
