// How the program is used, from the first command to what one looks after later: `fileproc-tui help <name>`, and a part of the manual page.
import type {RecipeName} from '../arguments/flags/recipe-names.ts';

export interface Recipe {
	readonly title: string;
	/** What is typed, one after the other. */
	readonly steps: readonly (readonly [command: string, purpose: string])[];
	/** What to know besides, a paragraph each. */
	readonly notes: readonly string[];
}

export const RECIPES: Readonly<Record<RecipeName, Recipe>> = {
	desk: {
		title: 'Files of your own, on this machine',
		steps: [
			['fileproc-tui generate ./sample --kind dirty', 'files to try it on, with faults'],
			['fileproc-tui ./sample', 'what is in them; ? shows the keys, q leaves'],
			['fileproc-tui sniff ./sample', 'how each is written, and what is wrong with it, by line'],
			[
				'fileproc-tui ./sample --rejects bad.csv',
				'every bad record with its reason; corrected, it is read as any other file',
			],
			['fileproc-tui convert ./sample -o clean.parquet', 'the sound records as one file'],
			['fileproc-tui ./sample --group-by category --sum amount', 'a question'],
			['fileproc-tui ./sample --report report.html --report report.json', 'to send, and for programs'],
			['fileproc-tui ./sample --save --resume', 'read only what is new or has changed'],
			['fileproc-tui history', 'the saved runs; 5 in the dashboard'],
			['fileproc-tui verify', 'whether files are still what they were'],
			['fileproc-tui init batch', 'settings for the files of this folder'],
		],
		notes: [
			'Nothing is changed but what is named by an output flag, and no file is overwritten that the program did not write. Exit code 1 says that a file failed.',
		],
	},
	remote: {
		title: 'On a machine far away, over SSH',
		steps: [
			['fileproc-tui ./data --detach', 'goes on when the connection is cut'],
			['fileproc-tui attach ./data', 'shows it, and for a week what it came to'],
			['fileproc-tui ./data --listen 127.0.0.1:8001', 'others may look on, each on a dashboard of their own'],
			['fileproc-tui attach 127.0.0.1:8001', 'from the same machine, or through ssh -L 8001:127.0.0.1:8001'],
			['fileproc-tui ssh --data /srv/files', 'a server that ssh alone is enough for'],
			['ssh -t -p 2222 ann@host', 'its dashboard, with nothing installed here'],
			['ssh -p 2222 ann@host status --json', 'for scripts'],
		],
		notes: [
			'A terminal that stops reading does not stop the work. Over SSH 4 frames a second are drawn; --fps says otherwise, and --plain goes without a dashboard.',
			'Who may come in by SSH stands in /srv/files/authorized_keys, a public key on each line with role=user,user="ann" in front of it; a key without a role may only look.',
		],
	},
	inbox: {
		title: 'A folder that is watched, as a service',
		steps: [
			['fileproc-tui watch ./inbox', 'takes what is dropped into inbox/unprocessed/, once'],
			['fileproc-tui watch ./inbox --once --json', 'works off what is there, from cron'],
			['fileproc-tui init watch', 'routes: which files take which steps'],
			['fileproc-tui routes check routes.json inbox/unprocessed/*', 'which one each file would take, and why'],
			['fileproc-tui watch ./inbox --routes routes.json', 'by them'],
			['fileproc-tui init systemd', 'the same as a service'],
			['fileproc-tui doctor ./inbox', 'what is in the way, and why a file waits'],
			['fileproc-tui status ./inbox', 'how it goes; --json for monitoring'],
			['fileproc-tui retry-failed ./inbox --all', 'once the reason is gone'],
			['fileproc-tui clean ./inbox --older-than 30d --dry-run', 'what was finished long ago'],
		],
		notes: [
			'Each file ends in processed/ or failed/, there beside a .reason.json, and what it came to in results/. It may be killed at any moment and goes on from there.',
			'A file is taken when it has not changed for two seconds (--settle). Writing name.part and renaming it is surer.',
		],
	},
	team: {
		title: 'A server for a team, with a page',
		steps: [
			['fileproc-tui serve --open', 'to try it: on this machine, without accounts; open the address in a browser'],
			['fileproc-tui serve', 'with accounts: it prints a link by which the first admin is made'],
			['fileproc-tui users add ann --role user', 'prints a password, which she changes at the first login'],
			['fileproc-tui init serve', 'its settings'],
			['fileproc-tui init compose', 'as containers, with HTTPS; init systemd and init proxy without'],
			['fileproc-tui login https://files.example.org', 'from another machine'],
			['fileproc-tui push ./data --wait', 'the same figures as a run here'],
			['fileproc-tui attach https://files.example.org', 'all of it in the dashboard'],
			['fileproc-tui init alerts', 'what to be told of; init grafana what to look at'],
			['fileproc-tui backup server.tar', 'all that it has, while it runs'],
			['fileproc-tui init shared', 'two servers that are one, by --metadata, as containers'],
		],
		notes: [
			'It listens on this machine alone until there is an account, and others reach it by HTTPS: --tls-cert and --tls-key, or a proxy and --trust-proxy.',
			'Nobody sees what another has. /docs of the server explains every path for programs, /docs/actions what each role may do.',
		],
	},
	script: {
		title: 'In scripts and CI',
		steps: [
			['fileproc-tui ./exports --json --fail-on any > report.json', 'one document; messages go to stderr'],
			['fileproc-tui ./exports --jsonl', 'each event as a line, as it happens'],
			['fileproc-tui ./exports --fail-on rejected', '1 also for a single bad record'],
			['fileproc-tui ./exports --max-errors 0.5%', 'a file with more bad records fails'],
			[
				'fileproc-tui token create ci --account ann --scopes upload,run,read',
				'on the server; set it as FILEPROC_TOKEN',
			],
			['fileproc-tui push https://files.example.org ./exports --wait --json', 'the same report, made there'],
			['fileproc-tui get https://files.example.org r_4kq09xz1 --csv -o sales.csv', 'what a task came to'],
		],
		notes: [
			'Exit codes: 0 all well, 1 a file failed, 2 wrong usage, 3 the environment, 4 nothing to do, 70 a bug. The report is the same for any number of threads, but for its times.',
			'The same push again sends only what is not there, and starts nothing twice. Secrets are never words of the command line.',
		],
	},
	cluster: {
		title: 'Several machines for one run',
		steps: [
			['fileproc-tui init cluster', 'a queue and workers, as containers'],
			['fileproc-tui worker --queue redis://127.0.0.1', 'on each machine that sees the data'],
			['fileproc-tui worker --queue redis://127.0.0.1 --root-map /data=/mnt/data', 'where it has it elsewhere'],
			['fileproc-tui /data --queue redis://127.0.0.1', 'the run: the report is that of one machine'],
			['fileproc-tui /data --queue postgres://fileproc@127.0.0.1/fileproc', 'the same on PostgreSQL'],
		],
		notes: [
			'What goes through a queue on another machine is signed: FILEPROC_QUEUE_SECRET or --queue-secret-file, the same for all. Redis needs maxmemory-policy noeviction.',
			'The files of a worker that dies are read by another one. One process reads gigabytes a second from a disk of its own: workers are for what is slower, or more than that.',
		],
	},
};
