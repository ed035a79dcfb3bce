" SPDX-License-Identifier: MIT
autocmd BufRead,BufNewFile *.call setfiletype halfcall
