" SPDX-License-Identifier: MIT
" Vim syntax of scripts of halfcall(1), see halfcall-run(5).  test/unit/script_word_test.c checks
" that no word is missing.
if exists("b:current_syntax")
	finish
endif
syntax case match
syntax iskeyword @,48-57,_,-

" A line begins with these.
syntax keyword halfcallFrame expect allow together for end wait proxy daemon exec
syntax keyword halfcallSetting users sql config set include table row tags needs known
syntax keyword halfcallSetting limit phones trunk app stranger proxies break fault

" Behind a player.
syntax keyword halfcallAct dials off-hook calls rings sends answers rejects redirects
syntax keyword halfcallAct cancels hangs-up holds resumes updates transfers-to registers
syntax keyword halfcallAct unregisters watches passes on goes-dead comes-back forgets
syntax keyword halfcallWait hears talks-to is shows sees

" Behind expect, proxy, daemon, exec.
syntax keyword halfcallFact phases journal finding cm daemon stops starts dies restarts
syntax keyword halfcallFact drains gone ends auth sequence monitor

" Inside and at the end of a sentence.
syntax keyword halfcallTerm after within count none
syntax match halfcallTerm "->"
syntax keyword halfcallClause from without sdp to at expires all password reliably raw
syntax keyword halfcallClause over with lines via unregistered in of idle heard exit nth
syntax keyword halfcallDetail body absent present as sent last status Request-URI user
syntax keyword halfcallDetail host port tag number

" Names.
syntax keyword halfcallName imsorig origdone imsterm termdone trying proceeding early
syntax keyword halfcallName confirmed terminated route-lost phase-order phase-lost
syntax keyword halfcallName phase-leaked seq-lost wrong-half max-forwards via
syntax keyword halfcallName record-route header-lost header-changed body-changed
syntax keyword halfcallName history-shortened identity-changed credentials-passed
syntax keyword halfcallName tag-changed contact-changed cseq 100-missing retransmission
syntax keyword halfcallName cancel-ignored ack-lost prack-lost 2xx-lost publish-refused
syntax keyword halfcallName notify-late notify-order shortcut-ignored unknown-peer
syntax keyword halfcallName no-phase unknown-phase cm-only-phase two-phases
syntax keyword halfcallName skip-termination repeat-origination leak-tag lose-seq
syntax keyword halfcallName lose-way-back lose-header change-body shorten-history
syntax keyword halfcallName ignore-cancel cancel-first-branch lose-second-2xx
syntax keyword halfcallName last-contact-only any-password keep-bindings
syntax keyword halfcallName pass-credentials lose-prack merge-calls late-100 keep-hops
syntax keyword halfcallName notify-backwards lose-feature-name lose-shortcut
syntax keyword halfcallName no-second-proxy stale-lamp lose-retry-after
syntax keyword halfcallName sequence-backwards lose-warning
syntax keyword halfcallName auth events sequence trunk two-proxies monitor restart
syntax keyword halfcallName silent delay answer ring-then drop duplicate wrong-phase
syntax keyword halfcallName no-phase lose-header malformed stale-etag late-cancel hurry
syntax keyword halfcallName orig term line udp tcp tls
syntax keyword halfcallName pass reject forward refuse cover pass-over ring answer
syntax keyword halfcallName failure cancel no-answer timeout bye hang-up feature release
syntax keyword halfcallName broken off-hook dialled on-hook publish-failed
syntax keyword halfcallName publish-denied publish-resumed publish-stopped
syntax keyword halfcallName publish-overflow publish-state shortcut stranger overload
syntax keyword halfcallName finding fault journal-lost
syntax keyword halfcallKey t seq call half event extension from to phase_in phase_out
syntax keyword halfcallKey rule status reason proxy sip_call_id
syntax keyword halfcallMethod INVITE ACK BYE CANCEL OPTIONS REGISTER PRACK UPDATE INFO
syntax keyword halfcallMethod REFER SUBSCRIBE NOTIFY PUBLISH MESSAGE

syntax match halfcallVariable "\$\$\|\$\(env\.\)\?[A-Za-z0-9_-]\+\(\.host\|\.port\)\?"
syntax match halfcallNumber "\<\d\+\(\.\d\+\)\?\(\.\.\d*\)\?\>"
syntax match halfcallHeader "^\s\+[A-Za-z][A-Za-z0-9-]*\ze\s*:"
syntax region halfcallString start=+"+ skip=+\\"+ end=+"+ oneline
syntax match halfcallComment "\\\@<!#\s.*$"
syntax match halfcallComment "^\s*#$"

highlight default link halfcallFrame Statement
highlight default link halfcallSetting PreProc
highlight default link halfcallAct Function
highlight default link halfcallWait Conditional
highlight default link halfcallFact Type
highlight default link halfcallTerm Keyword
highlight default link halfcallClause Special
highlight default link halfcallDetail Special
highlight default link halfcallName Constant
highlight default link halfcallKey Identifier
highlight default link halfcallMethod Constant
highlight default link halfcallVariable Identifier
highlight default link halfcallNumber Number
highlight default link halfcallHeader Identifier
highlight default link halfcallString String
highlight default link halfcallComment Comment

let b:current_syntax = "halfcall"
