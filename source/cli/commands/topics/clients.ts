// What `fileproc-tui help clients` says; `topic-lines.ts` explains how it is written.
export const CLIENTS = `
    fileproc-tui login https://files.example.org   asks for name and password; --device: somebody lets it in from elsewhere
    fileproc-tui push ./data --wait   as a run here, with the same output and exit codes
    fileproc-tui push ./data --task sales,quality   says the ids of files and tasks, and leaves
    fileproc-tui get r_4kq09xz1 --csv -o sales.csv   or --parquet, --rejects bad.csv, or the JSON

- With one login the address may be left out; with several, or none, it stands behind the command: push https://... ./data. Logins are kept in
  $XDG_CONFIG_HOME/fileproc-tui/logins/, for their user alone; fileproc-tui logout ends one.
- Programs send a token: FILEPROC_TOKEN, or --token-file. It is never a word of the command line. --ca-file ca.pem trusts an authority of
  your own; to http:// on another machine nothing is sent without --allow-http.
- 'push' finds files as a run does, and sends an archive as a whole. Cut connections and restarts are waited for, up to ten minutes without
  any success. The same command again sends only what is not there, and starts no task twice. Ctrl+C leaves what has begun to the server.
- push --wait --json is the report of a run, also what all files came to together; POST /api/v1/results/combined adds up any tasks.
  --upload-only starts nothing, --dry-run (also of 'run') sends and starts nothing, and says what would be, or why not;
  'run' starts tasks of files that are there: run f_4kq09xz1 --task profile --wait.
- --options '{"delimiter": ";"}' says how the server reads each file, also what it is asked ({"question": "sum amount by shop"}),
  --mapping Berlin by which mapping; one that the server finds by the heading is told.
- 'files' and history https://... list what you have there, with the terms of the filter; history https://... r_... shows a task. 'cancel' and
  'retry' take ids of tasks, or --q status:failed for all that match, with --dry-run, and --yes where nobody is to be asked; in the
  dashboard it is /status:failed, 'a', 'r'. 'pause' and 'resume' hold tasks, as 'P' does there. 'events' prints what happens as lines of
  JSON, and with --after <id> what came behind an event.
`;
