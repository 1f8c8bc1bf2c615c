// What `fileproc-tui help folders` says; `topic-lines.ts` explains how it is written.
export const FOLDERS = `
    fileproc-tui watch ./inbox               takes what is dropped into inbox/unprocessed/
    fileproc-tui watch ./inbox --once        works off what is there, and ends with the exit code of a run

Each file is taken once: when its size and times have not changed for --settle seconds (2), it moves to underprocess/, is hashed (SHA-256)
and analyzed, and then lies in processed/, or in failed/ beside a .reason.json. What it came to is in results/, and in the ledger of the
folder. Names in these folders begin with the id of the claim, so a name may come again; the same content again is told as a duplicate, and
not computed again. Hidden files, name.part and what is no regular file are left where they are; --recursive takes folders of the inbox,
too, and with --done-marker a file waits for name.done. Copy with 'cp', 'mv', 'rsync', or write name.part and rename it.

It may be killed at any moment, and so may the machine: every step is on the disk before the next one, and the next 'watch' goes on from
there. A file that three processes have died of goes to failed/ as CRASH_LOOP. SIGTERM and Ctrl+C take no further file, finish those that
were taken, and give back what takes longer than --grace seconds (30). One process watches a folder; another one is told which. When the
disk is full nothing further is taken until there is room, also when it begins; with --once it ends with 3 where no room comes in time, and
the next one goes on. A folder where one of its files belongs is called ....aside from then on. A folder on NFS, SMB and the like is refused,
because renames and locks are not safe there.

On a terminal the dashboard shows the inbox: each file with its state, route, step, tries and age, the newest first ('s' turns it), found by
/status:failed, /tag:sales or a part of its name, and above it whether all is well, and the figures of 'status'. 'r' retries the failed file
under the cursor, R all that have failed, 't' the one on a route of your choice; each becomes a new claim, so its failure does not count any
more. 'p' pauses the intake, and 'q' stops watching. With --plain, in pipes and in the logs of services each file is a line with where it
lies now, and once a minute, if anything has changed, one says how the folder is doing; with --jsonl that is folder-status, with the figures
of status --json.

# Looking after it

    fileproc-tui status ./inbox              who watches it, its files by state and tag, times, failures, and what is not taken and why
    fileproc-tui status ./inbox --json       the same for programs, as in the status file
    fileproc-tui doctor ./inbox              what is in the way, and for each file that is not being worked on the reason
    fileproc-tui retry-failed ./inbox orders has failed files with 'orders' in their name tried again; --all: every one
    fileproc-tui retry-failed ./inbox --all --route other      by this route, whatever fits
    fileproc-tui clean ./inbox --older-than 30d --dry-run

'status' answers while somebody watches and after. Its health is 'ok', 'degraded' (somebody watches, and something is in the way: a full
disk, a folder that is gone, a file that waits for 15 minutes while nothing is worked on, one that the process died of within the hour) or
'stopped'. Processing times are exact, of the 10,000 files that were processed last: from when a file's turn came until its outcome was on
the disk.

'doctor' looks at folders, rights, file system, ledger, owner, clock, free disk and inodes, and says what to do; exit code 3 where something
is to be done. Of each file in unprocessed/ that is not taken it says why (it still grows, is a .part, a link, waits for its turn, cannot be
moved ...), and so it does of what was left in underprocess/ and of failed files. How the folder is watched it is told by the same flags:
--settle, --recursive, --done-marker.

retry-failed does what the key 'r' does, for files found as in the inbox: by a part of their name or tag:sales; --dry-run only lists them.
The process that watches takes them up at its next poll, and where nobody does, the next 'watch'. Exit code 4: no failed file fits.

'clean' first says how many files and bytes it is about; on a terminal it asks, unless --yes is given, and elsewhere it goes ahead. It
removes the files of claims that were finished longer ago than --older-than (7d by default): what was dropped, results, failures with their
reasons. What is not finished stays, and so does what belongs to no claim, and a result that is that of a later duplicate, too. The ledger
keeps its rows, so the history is complete, and content that comes again is still a duplicate, whose document has the result then. It may
run while somebody watches. Exit code 3: something could not be removed; 4: it is not a watched folder.
`;
