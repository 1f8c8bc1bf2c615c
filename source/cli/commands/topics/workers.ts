// What `fileproc-tui help workers` says; `topic-lines.ts` explains how it is written.
export const WORKERS = `
    fileproc-tui worker --queue redis://queue.example.org       on each machine that sees the data
    fileproc-tui /data --queue redis://queue.example.org        the run, with the same dashboard and the same report

With --queue, files are read by workers, which take them from a queue on Redis or on PostgreSQL. The run lists the files, puts them in,
merges what they come to and shows it; workers read them with their own threads. Files from 128 MiB on are read in parts by as many workers
as there are, except packed ones and those that threads cannot share either. The report is the same as that of one machine. What goes
through the queue says which files are read, and what they came to; never data.

- Which one? One process reads gigabytes a second from a disk of its own: take workers where the data is on something slower that many
  machines can read at once. PostgreSQL is enough where it is there anyway: some 150 jobs a second. Redis takes 400 a second with half the
  work. A job is a large file, a part of 64 MiB of one, or some hundred small files, so beyond some 25 GB/s the queue is what one waits for.
  How long very much data takes, simulated, not measured:

| workers | together, and for 1 TB and 1 PB, on Redis; on PostgreSQL
| 10 | 1.9 GB/s, 9 min, 6.0 days; the same
| 100 | 18.8 GB/s, 53 s, 14.8 h; 10.0 GB/s, 100 s, 27.7 h
| 1,000 | 26.8 GB/s, 37 s, 10.3 h; 10.1 GB/s, 99 s, 27.6 h

Assumed are four threads each, a store that gives every one of them 50 MB/s after 40 ms, parts of 64 MiB, workers that die once a day, and
queues as fast as above; 10 TB were played, with the coordinator's own code, and 1 PB is a hundred times that (node
test/cluster/simulation/figures.ts).

- All see the same data, a shared drive for example, or objects by s3:// and https://, each with credentials of its own. Where a worker has
  it elsewhere: --root-map /data=/mnt/data.
- The secret of FILEPROC_QUEUE_SECRET, or in the file of --queue-secret-file, signs all jobs and results. Without it nobody can have a
  worker read a file, or a run believe a figure. On another machine than this one the queue needs one; on this one workers warn where there
  is none, as anyone who can reach the queue then can have files read. Anyone who has it can have workers read any file that they may read.
  Use rediss:// or sslmode=verify-full where others could listen.
- Redis must not throw keys away (maxmemory-policy noeviction, refused otherwise), and should keep a log (appendonly yes, warned otherwise).
  PostgreSQL 13 or newer; tables are made in the schema 'bullmq'.
- Ctrl+C ends a worker when the files that it has are done, after --grace seconds it gives them back; twice ends it at once. The files of a
  worker that dies are read by another one within 30 s; a file that takes three workers along, or one of its parts, fails as CRASH_LOOP.
  What the queue loses, because it was restarted, emptied or restored from an old dump, the run puts in again. A network that is cut without
  a word is noticed after 30 s. A worker that was suspended and comes back too late changes nothing.
- A run that is killed goes on where it was: with --save, and --resume after that, files that were done are not read again, nor parts of
  large ones that were merged. Over a network drive that machines number differently they are read again. Files that a server keeps encrypted
  are read by workers that have its --encryption-key-file.
- From a store that is far away, where most of the time is waiting, give workers more threads than they have cores (--threads).
- Who is there: the overview of the dashboard (3) lists the workers with version, jobs, files, parts of large files and speed, and those
  that have not been heard of. So do the overview of a server's page and /stats, to operators; /metrics counts them (fileproc_workers), and
  'init' writes an alert for when none is there.
- Versions: workers take files of runs of their own version only. A run that no worker is there for says so.
- Standard input and pipes are read by the run itself; --rejects and analyses with functions are for one machine.
`;
