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
  work.
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
  What the queue loses, because it was restarted or emptied, the run puts in again. A worker that was suspended and comes back too late
  changes nothing.
- Who is there: the overview of the dashboard (3) lists the workers with version, jobs, files and speed, and those that have not been heard
  of.
- Versions: workers take files of runs of their own version only. A run that no worker is there for says so.
- Standard input and pipes are read by the run itself; --rejects and analyses with functions are for one machine.
`;
