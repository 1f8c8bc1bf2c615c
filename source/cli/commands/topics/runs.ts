// What `fileproc-tui help runs` says; `topic-lines.ts` explains how it is written.
export const RUNS = `
    fileproc-tui ./data --save               save this run to ~/.local/state/fileproc-tui/ledger.db
    fileproc-tui ./data --save --resume      the same, but read only what is new or has changed
    fileproc-tui history                     the saved runs, newest first
    fileproc-tui history status:failed orders since:2026-11-01
    fileproc-tui history reason:not-a-date   runs with records that were rejected for that
    fileproc-tui history 20261129-1556 --json    the report of the run whose id begins so; last is the newest one
    fileproc-tui history diff <run> <run>    what changed: files, rows, figures, columns
    fileproc-tui history prune --keep-days 90
    fileproc-tui verify                      read the files again: are bytes and figures what they were?

A run that is saved can be found by the names of its files, error codes, status, days (in UTC), and its rows, rejects and size in all
(rows>5000), and is shown again as it was, in the same bytes with --json; in the dashboard, 5 lists past runs and opens them. A saved run
ends with what changed since the last one of the same folder: files, rows, figures, categories and columns that came or went, and columns of
a profile whose nulls (by 1 % of the cells), different values or mean (by 10 %) have moved. Of a run that was killed there is what had been
written.

With --resume, a file that an earlier run has read in the same way, and whose size, times and inode are what they were, is not read: its
results come from the ledger ("source": "ledger" in the report), and totals are the same to the byte; --verify-content hashes it first, and
does not trust its times. A run that was killed or stopped goes on: files that had ended are known, and large ones go on from their last
checkpoint, which there is each half second or 128 MiB a thread. Packed files, standard input, lines of text and UTF-16 have no checkpoints
and begin anew, and members of archives are always read again, which is said; files that failed, and all files with functions of your own,
are read again. A file that five runs were killed with, without getting further, fails as CRASH_LOOP. A run with --rejects keeps no results.

The bytes of each file are known by a hash (XXH3, 128 bits: it finds what changed by accident, not what somebody forged); 'verify' ends with
1 where a file, or what it comes to, is not what it was. With --hash sha256 it is SHA-256, which finds what was forged, too, and stands in
the report as content_hash: of a file of up to 1 MiB sha256: and what sha256sum prints, of a larger one sha256-tree: and the SHA-256 of the
SHA-256 hashes (32 bytes each) of its blocks of 1 MiB. It takes 0.7 s of processor time a GB, nearly as long as reading. Members of archives
and streams are not hashed. The ledger is one file of SQLite; --ledger <file> or FILEPROC_LEDGER names another one. Files are read without
waiting for it, and the report comes when it is on the disk, after five seconds at most: saving 1.1 GB took 0.13 s more than reading it (0.6
s), 5,000 small files 0.9 s more (1.2 s). One that cannot be written is told at once and at the end, with exit code 3; the run goes on. It
needs SQLite 3.51.3, which Node 24 has. fileproc-tui doctor checks it, and the machine.
`;
