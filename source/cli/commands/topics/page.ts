// What `fileproc-tui help page` says; `topic-lines.ts` explains how it is written.
export const PAGE = `
A browser at the address of the server gets a page for people without a terminal. Nothing of it comes from elsewhere.

- Files and folders are dropped anywhere on it, or chosen. Three go at a time; an upload can be held, waits for a network or a server that
  is away, and goes on after the page was closed, when the same file is chosen again. What the server would refuse is refused before a byte
  is sent.
- Before anything starts it shows what was found in a file, proposes an analysis, and lets you say which column is meant, also for the next
  file with the same header, and how dates are written where the file leaves it open.
- A question about the records is typed in one line (A puts you there), sum amount by category where amount > 100, and its answer is a table
  below it. What cannot be asked is said and marked; the names of the columns can be put in by a button.
- The list is live. Rows keep their places while you read: new ones collect behind "12 new", and 'p' holds all of it. It takes the terms of
  the filter of the terminal, which stand in the address with the order. What is done to all files that match is done by the server, which
  says first what it would do.
- Results have figures, tables that sort, charts, amounts over time for who asks for them, the profile of each column, findings and rejected
  records as they stand in the file, and are downloaded as JSON, CSV and Parquet.
- Overview and admin: health, success rate, times, throughput, what you use; for admins accounts with their logins, invitations, usage and
  the audit log; for operators the watched folder, whose failed files are tried again, also on another route, and its intake held.
- The account has its logins and second factor, kept mappings, tokens of programs, where it is notified, and drop links, by which somebody
  without an account sends files in.

It follows light and dark, works from 320 pixels on, by the keyboard alone (? lists the keys) and with screen readers (WCAG 2.2 AA, held by
axe-core).
`;
