// What `fileproc-tui help following` says; `topic-lines.ts` explains how it is written.
export const FOLLOWING = `
    fileproc-tui ./data --detach                     goes on when this terminal closes
    fileproc-tui attach ./data                       shows it, and for a week what it came to
    fileproc-tui ./data --listen 127.0.0.1:8001      others may look on
    fileproc-tui attach 127.0.0.1:8001               as many as 32, each with a dashboard of their own
    fileproc-tui attach ./data --once                one frame, for scripts

The same dashboard shows your tasks on a server: fileproc-tui attach https://files.example.org, after 'login'; 'u' sends files there, 'n'
lists files that have no task yet, to start one by Enter, 'x' cancels, 'r' tries again, 'e' writes the result of a task to a file here and
E its rejected records, 5 has the tasks that have ended, to search and open, and 6 the folder that the server watches, for operators: 'r', R
and 't' try failed files again, 'p' holds the intake. What your role or the scopes of your token do not let you do has no key, and a
notice says why. 'q' leaves the run as it is. Whoever attaches to a run with --listen only looks, unless it was started with
--allow-control; with --detach only you can attach. A run listens on its own machine alone: from elsewhere, ssh -L 8001:127.0.0.1:8001 host
and attach to that. A viewer on a slow line sees right totals at once, and the rows of a long list as they come. Not there for viewers of a
run: questions (A), past runs (5) and the export of reports.
`;
