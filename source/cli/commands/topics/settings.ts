// What `fileproc-tui help settings` says; `topic-lines.ts` explains how it is written.
export const SETTINGS = `
	{
	  "$schema": "./node_modules/fileproc-tui/dist/config.schema.json",
	  "theme": "high-contrast",
	  "concurrency": 8,
	  "altScreen": false
	}

Names are those of the flags, in camelCase. Flags win over FILEPROC_*, these over configuration files, and of the files each setting is
taken from the first one that has it:

1. fileproc.config.json beside the data: in the first path that is given (- apart) where it is a folder, in its folder where it is a file,
   before the first wildcard where it is a pattern; paths of --files-from don't count
2. fileproc.config.json in the current folder
3. your own, $XDG_CONFIG_HOME/fileproc-tui/config.json, else ~/.config/fileproc-tui/config.json

The first two may have come with someone's data. So they set how files are read and how the run looks, and nothing else: what writes files
('report', 'record', 'ledger', 'save', 'logFile'), loads the machine ('threads', 'simulateIo', the limits max... but 'maxErrors'), reads
elsewhere ('follow'), asks ('where', 'groupBy', 'sum' and the other questions), runs code ('analyses'), decides what scripts get ('failOn',
'json', 'jsonl', 'plain', 'progress', 'screenReader', 'debug', 'trace'), hides files ('filter') or gives keys another meaning ('keys') is
for your own file only. A file that is wrong ends the program with code 3, and with each mistake's line, column and what was meant;
--no-config goes without. fileproc-tui config --schema prints the JSON Schema, with which editors complete it.

# Variables

Each flag but those of single runs is also a variable: FILEPROC_CONCURRENCY=8. fileproc-tui config [path...] shows every setting and where it
is from, fileproc-tui completions bash|zsh|fish prints a completion script, fileproc-tui man | man -l - shows the manual page. A folder of
the name of a command is reached as ./config.

# Paths

A path is a file, a folder, - or /dev/stdin, a FIFO or <(command), or a pattern as in bash, in quotes: *, ?, [a-z], {a,b}, **, +(a|b). A
file or folder that really has such a name wins, a backslash takes the meaning from the character behind it, and a link to a folder that a
walk or a wildcard meets is skipped unless --follow is given. It may also lead to another machine, as s3://bucket/folder/*.csv and
https://host/a.csv do: see help objects.
`;
