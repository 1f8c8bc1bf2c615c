// What `fileproc-tui help speed` says; `topic-lines.ts` explains how it is written.
export const SPEED = `
Whole processes on two cores, 29 November 2026: 1 GB in 8 files takes 0.37 s on two threads, 256 MB of quoted data 0.23 s, 5,000 files of 20
KB 0.39 s (DuckDB, asked for the same figures of each file: 2.0 times as long), in 101 to 108 MB of memory, the small files in 132 (180 into
a pipe). A 'profile' of 300 MB with ten columns takes 0.52 s (DuckDB's SUMMARIZE: 4.2 times; on one thread 7.2 times), in 180 MB. 'sales'
are read 1.2 times as fast as 'transactions', 'lines' at some 1.5 GB/s a thread on a busy machine. 'quality' takes about twice as long as
'profile'; the 'activity' of access logs and of pairs is read at 0.6 to 1.8 GB a second of processor time, on one thread a file, that of
syslog and of a --user-pattern by JavaScript, at 10 to 120 MB/s; thousands of small files with 'profile' take some 5 ms each. SUMMARIZE
gives no sums, frequent values and histograms, its numbers of different values were off by -20 % to +29 % in a table of ten columns and 3.2
million records (ours, past 16,384 values, by -0.9 % to +3.1 %), and its deviations and quantiles are others on two threads than on one. All
tables, of 23 November, what was measured and where we lose: test/bench/RESULTS.md. npm run bench measures it on a
machine of your own, as test/bench/README.md says.

What V8 has compiled of the program, 600 kB, is kept in $XDG_CACHE_HOME/fileproc-tui (else ~/.cache/fileproc-tui) for the next start, if
nobody else can write there; NODE_DISABLE_COMPILE_CACHE=1 goes without.
`;
