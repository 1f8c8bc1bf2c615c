// What `fileproc-tui help keys` says; `topic-lines.ts` explains how it is written.
export const KEYS = `
A filter is typed after /: terms that must all hold, as in orders status:failed size>1GB rows>1000 !tmp. A term is text of the name ("in
quotes" where it has spaces), status: or analysis: with a name or its beginning, or 'size', 'rows', 'rejected' or 'attempts' with < <= > >=
=; ! before it means the other files. The mouse selects a row (a second click opens it), sorts by the heading that is clicked, and scrolls.

After Ctrl+Z, 'bg' lets the run work on without a screen, as & does from the start; 'fg' brings the dashboard back. A run that ends in the
background prints its summary.

'e' writes fileproc-report-<time>.json in the current folder: what has ended by then, with the status 'running'. Other keys are given in
your own configuration file (help settings), by the names of actions that the manual page has: "keys": {"cancel": ["X", "delete"], "mouse":
[]}. FILEPROC_KEYS='{"cancel": ["X", "delete"]}' does the same where that file is not, as over SSH.
`;
