// What `fileproc-tui help server` says; `topic-lines.ts` explains how it is written.
export const SERVER = `
    fileproc-tui serve --open                              on this machine, without accounts
    curl -F file=@sales.csv http://127.0.0.1:8000/upload   -> {"files": [{"file_id": "f_...", ...}]}
    curl http://127.0.0.1:8000/api/v1/files/f_.../preview    how it is written, its columns and first records, the analyses that fit
    curl -H 'Content-Type: application/json' -d '{"file_id": "f_...", "analyses": ["profile"]}' http://127.0.0.1:8000/api/run
    ... -d '{"file_id": "f_...", "analyses": ["transactions"], "options": {"delimiter": ";", "date_format": "d/m/y", "map": {"amount": "Betrag"}}}'
                                                           read as by the flags of these names; /api/v1/tasks lists them
    curl http://127.0.0.1:8000/api/results/r_...             the report; with .csv or .parquet behind it, its main table
    curl http://127.0.0.1:8000/api/results/r_.../tables      which tables there are; one of them: r_....csv?table=sales.departments
    curl -N http://127.0.0.1:8000/api/events               what happens, as it happens

/openapi.json describes every path with its answers, and /docs shows that as a page. A report lists at most 100 rows of a table, and a
download has all of them. One process serves a folder (--data), which holds all that it keeps; for more than one, see "Several servers".

# Files, tasks and results

- curl -T sales.csv http://127.0.0.1:8000/api/v1/files/ sends a file, too. Large ones come in pieces by tus 1.0 at /api/uploads, also
  streams whose length is told at the end, and go on after a cut or a restart of the server. A Content-Digest or Repr-Digest that comes
  with a file is checked.
- Left out, each with its reason, are files that nobody means to send (.DS_Store, ~$..., ....part), those that are something else than their
  name says, and archives with more than --max-archive-members (10,000) or that would unpack to more than --max-unpacked-bytes (20 GiB) or
  --max-unpack-ratio (200).
- On a full disk the answer is 507; nothing stays of what came, and it goes on when there is room.
- GET /files?q=... takes the filter of the dashboard: curl -G --data-urlencode 'q=status:failed size>1GB' http://127.0.0.1:8000/api/v1/files.
- POST /api/v1/bulk with {"action": "retry", "q": "status:failed", "expected_count": 37} does something to all files that match: 'cancel',
  'retry', 'delete' or 'run' (with 'analyses'). It is refused where a tenth more or fewer match; ?dry_run=true only says what it would do.
  /api/v1/bulk/b_... says how far it is, also after a restart, and DELETE ends it.
- PUT /api/v1/mappings/Berlin with {"map": {"amount": "Betrag"}, "file_id": "f_..."} keeps which headings are which columns. The next file
  with the same heading is read by it; the task and its result say so ('mapping'). A task asks for one by "mapping": "Berlin", and for none
  by "none". A change needs If-Match, makes another version, and leaves tasks that have one as they are.
- Operators see, hold, cancel and retry tasks of others, too: /api/v1/run?of=ann, ?of=* for all, and "of": "*" in a bulk action. What a task
  came to, and its file, stay its owner's alone.
- Tasks wait in turns between users: --max-concurrent-tasks (10) at a time, --max-queued (100) wait, beyond that it is 429. Prefer: wait=10
  answers when a task has ended; POST /api/v1/runs?dry_run=true says what would start, and its place, or the limit that refuses it. After a restart, tasks on large files go on from where they were.
- POST /api/v1/runs/r_.../pause holds a task and leaves its turn to others, .../resume lets it go on, .../cancel ends it; /api/v1/history?q=... has
  what has ended.
- /api/events has what happens as Server-Sent Events, /api/v1/ws by WebSocket (subprotocol fileproc.v1, first message {"token": ..., "after":
  ...}), from behind the last 'id' that one has had: the header Last-Event-ID, or ?after=. What is gone by then is answered by one 'reset' and
  how things are now.
- Results stay, or go after --result-ttl; files go after --dataset-ttl (1h), but never while they are needed. All rejected records of a
  result are at /api/results/r_.../rejects.csv (--max-rejects, 100,000), what was sent in at /api/v1/files/f_.../original. Downloads have a
  Repr-Digest and an ETag, and go on where they were cut off (Range).
- Rejected records that are corrected and sent in again are linked to the file that they are of: by what is in them, or by ?corrects=f_....
  That file and its result say what both come to (with_corrections).
- --quota-bytes and --quota-files bound what each account has; /api/v1/usage says how much that is.

# Notices

    curl -H 'Content-Type: application/json' -d '{"url": "https://example.com/hook"}' http://127.0.0.1:8000/api/v1/webhooks

'url' gets one notice of each run, when its result can be fetched, whatever the server dies of meanwhile. It is signed as Standard Webhooks
1.0 says, with the secret of the answer, which is shown only once; 'types' asks for other ones (file.failed, file.rejected_rows,
upload.completed, quota.exceeded, to operators inbox.stuck ...). A notice that is not taken comes again up to nine times within three and a
half days, with the same webhook-id; an answer of 410 switches the webhook off. /api/v1/webhooks/w_.../deliveries says what was sent and what
came of it, POST /api/v1/deliveries/d_.../resend sends it again, POST /api/v1/webhooks/w_.../test a test.

Notices go to public addresses by HTTPS, and to a network of your own where --webhook-allow 10.0.0.0/8 says so. With --smtp-url-file and
--mail-from {"url": "mailto:ann@example.com"} gets them by mail, once the address is confirmed.

serve --watch ./inbox also watches a folder, with the --routes, --settle, --poll, --recursive and --done-marker of 'watch'. Files sent to
/upload?to=inbox, and by tus with to inbox in their Upload-Metadata, are dropped there whole; /api/v1/inbox lists its files to operators,
who have failed ones tried again by POST /api/v1/inbox/retry ('claims' or all_failed, on another route with 'tag'; ?dry_run=true counts
them) and hold the intake by /inbox/pause and /inbox/resume. /stats and /health have its figures, too. What somebody drops there counts for
their quota for a day.

# Backups

    fileproc-tui backup server.tar                         while the server runs; --data names its folder, as for serve
    fileproc-tui restore server.tar --data ./new --verify  into a folder without a ledger, then serve --data ./new

A backup has all that was acknowledged before it began, as a tar archive with a manifest.json that says what each file hashes to. Clients
that follow events get one 'reset' of a server that was restored, and uploads go on where the backup has them. --config-only keeps accounts,
mappings and webhooks alone; a webhook of it is off until it has another secret.

# Several servers

    fileproc-tui serve --metadata postgres://fileproc:...@127.0.0.1/fileproc --shared-files /mnt/files --data /var/lib/fileproc-1

Any number of servers with the same --metadata (PostgreSQL 13 or newer) and --shared-files (a folder that all of them see) are one:
accounts, sessions, files, tasks and events are the same whichever one a client meets, also in the middle of an upload or a stream, so a
balancer in front of them needs no sticky sessions. fileproc-tui init shared writes two of them with their database as containers.

- --data is each one's own folder, with a copy of all but the files: what is read is read there. Start all of them with the same flags. The
  first one may bring what a server alone has had until then, with the folders 'files', 'incoming', 'rejects' and 'tables' moved to
  --shared-files.
- The address may be in FILEPROC_METADATA or the file of --metadata-file, where nobody sees its password. One on another machine says how
  the connection is guarded, like ?sslmode=verify-full; ?sslmode=disable where nobody else is on that network.
- While the database is away, what would change something is refused with 503 and Retry-After, reading goes on (/readyz says 'degraded',
  with 200), and all goes on by itself afterwards. A result that was worked out meanwhile waits for it.
- Each task is worked on by one of them. Of one that has not been heard of for 30 s another one takes over its tasks, large files from their
  last checkpoint; should it wake up, it changes nothing any more. Notices, scans, bulk actions and what removes old files are done by one
  at a time.
- Of each server by itself: --max-concurrent-tasks, --rate-limit, --max-streams-per-user, and how failed logins slow down further ones.
  Quotas and queues are those of all, though uploads and tasks that come at the same moment at several servers may exceed them by these. A
  file that expires while another server sends it may be cut off there.
- With --queue workers read for all of them: they see the folder --shared-files, too, and go on for whichever server takes a task over. Not
  together with --watch (run fileproc-tui watch beside), --open and --encryption-key-file. 'users' and 'token' take --metadata, too. Back up
  the database (pg_dump), then the files.
- Another version takes over when all servers of the old one have ended: it is started in the folder of one of them that had everything. One
  that is restored from an earlier state of the database refuses copies that are ahead of it; put their ledger.db aside.

# On other machines

By HTTP the server listens on this machine alone until there is an account, and one that has accounts is not served without them. SSH
listens where --ssh says, :2222 on all addresses, and lets in those whose keys are there.

- HTTPS: --tls-cert and --tls-key name files in PEM, which are read again on SIGHUP.
- Behind a proxy: --trust-proxy <address> says whose X-Forwarded-For, -Proto and -Host are believed. With neither, the start warns of what
  others can read, and browsers on other machines are given no session.
- Each user, and each address where nobody has logged in, has --rate-limit (1,200) requests a minute; beyond that it is 429 with
  Retry-After. An upload that was begun goes on, and the health is always answered.
- /health and /stats say how it goes, /health to others than operators and this machine in a word (--public-health full: all of it);
  'retention' of /stats says of each class of what is kept how long, how many there are, and when the next one goes. Prometheus finds
  metrics at /metrics of --metrics-listen 127.0.0.1:9464; on the listener of the users they are for operators and for the token in
  --metrics-token-file; with --open and such a file for that token alone.
- --log-file writes each request (method, route, status, time, user, never a secret), and exec.started and exec.removed when a task begins and
  ends, with how many are active; SIGHUP opens it anew. X-Request-Id names a request in answers and in the log. --log-format text writes lines of
  text, and of a task nothing but '[EXEC] Starting execution for task: <id>' and 'Active concurrent tasks: 3', then '[EXEC] Removed task <id>
  from active executions' and 'Remaining active tasks: 2'; JSON has also whose it was and how it ended.
`;
