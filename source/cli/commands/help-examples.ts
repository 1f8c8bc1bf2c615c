// What one types to begin with, by command: the help begins with it.
import type {CommandName} from '../arguments/flags/definition.ts';

type Example = readonly [command: string, purpose: string];

export const EXAMPLES: readonly Example[] = [
	['fileproc-tui ./data', 'all files of a folder'],
	["fileproc-tui 'exports/**/*.csv.gz' -j 8", 'up to 8 files at a time'],
	["fileproc-tui 's3://bucket/2026/*.csv'", 'objects of a store'],
	['cat big.csv | fileproc-tui -', 'standard input'],
	['fileproc-tui sniff ./data', 'what the files are like'],
	['fileproc-tui convert ./data -o clean.parquet', 'all sound records'],
	['fileproc-tui convert ./data -o out/ --rejects bad.csv', 'each file by itself'],
	['fileproc-tui watch ./inbox', 'each dropped file, once'],
	['fileproc-tui push https://files.example.org ./data', 'on a server'],
	['fileproc-tui ./data --json > report.json', 'for scripts'],
	['fileproc-tui ./data --group-by category --sum amount', 'a question'],
	['fileproc-tui ./data --report out.md --report out.json', 'reports besides'],
	['fileproc-tui generate ./sample --files 5 --rows 1000', 'files to try it on'],
];

const startingWith = (beginning: string): readonly Example[] =>
	EXAMPLES.filter(([command]) => command.startsWith(beginning));

export const EXAMPLES_OF: Readonly<Record<Exclude<CommandName, 'help'>, readonly Example[]>> = {
	run: EXAMPLES.filter(([command]) => !/ (?:sniff|convert|watch|push|generate) /.test(command)),
	config: [
		['fileproc-tui config', 'the settings in use here'],
		['fileproc-tui config ./data', 'those for a folder'],
	],
	completions: [['fileproc-tui completions bash', 'for the file that bash reads']],
	replay: [
		['fileproc-tui replay run.jsonl', 'a run that was recorded'],
		['fileproc-tui replay run.jsonl --speed 10', 'ten times as fast'],
	],
	generate: [
		...startingWith('fileproc-tui generate'),
		['fileproc-tui generate ./sample --kind dirty --seed 7', 'with faults, always the same'],
	],
	init: [
		['fileproc-tui init', 'asks what it is to be'],
		['fileproc-tui init watch', 'routes of a watched folder'],
		['fileproc-tui init compose -o ./deploy', 'a server in containers'],
		['fileproc-tui init systemd --stdout > fileproc-tui.service', 'a unit, printed'],
		['fileproc-tui init alerts --stdout | promtool check rules', 'rules of Prometheus'],
	],
	sniff: [
		...startingWith('fileproc-tui sniff'),
		['fileproc-tui sniff ./data --quick', 'the first MiB of each file only'],
	],
	convert: startingWith('fileproc-tui convert'),
	watch: [
		...startingWith('fileproc-tui watch'),
		['fileproc-tui watch ./inbox --once', 'what is there now, and then it ends'],
		['fileproc-tui watch ./inbox --routes routes.json', 'with steps of your own'],
	],
	serve: [
		['fileproc-tui serve', 'on this machine, with accounts'],
		['fileproc-tui serve --open', 'on this machine, without accounts'],
		['fileproc-tui serve --data /srv/files', 'its folder'],
		['fileproc-tui serve --listen 0.0.0.0:8443 --tls-cert cert.pem --tls-key key.pem', 'for other machines'],
		['fileproc-tui serve --watch ./inbox', 'with a watched folder beside'],
		['fileproc-tui serve --ssh :2222', 'and the dashboard by SSH'],
	],
	worker: [
		['fileproc-tui worker --queue redis://127.0.0.1', 'for runs with the same --queue'],
		['fileproc-tui worker --queue redis://127.0.0.1 --root-map /data=/mnt/data', 'where the data lies elsewhere'],
	],
	ssh: [
		['fileproc-tui ssh --data /srv/files', 'for the keys in /srv/files/authorized_keys'],
		['fileproc-tui ssh --listen 127.0.0.1:2222', 'for this machine only'],
	],
	users: [
		['fileproc-tui users add ann --role admin', 'the first account; prints its password'],
		['fileproc-tui users list', 'all accounts'],
		['fileproc-tui users disable ben', 'he cannot log in any more'],
		['fileproc-tui users reset ben', 'another password for him'],
	],
	token: [
		['fileproc-tui token create nightly --account ann', 'for a program of hers'],
		['fileproc-tui token list', 'all tokens'],
	],
	backup: [['fileproc-tui backup server.backup', 'what a server has, also while it runs']],
	restore: [['fileproc-tui restore server.backup --data ./fresh', 'into an empty folder']],
	attach: [
		['fileproc-tui attach ./data', 'the run of a folder that was started with --detach'],
		['fileproc-tui attach 127.0.0.1:8001', 'one that was started with --listen'],
		['fileproc-tui attach https://files.example.org', 'your tasks on a server'],
	],
	audit: [
		['fileproc-tui audit verify', 'whether the audit log of a server is whole'],
		['fileproc-tui audit export > audit.jsonl', 'all of its lines'],
	],
	login: [['fileproc-tui login https://files.example.org', 'asks for name and password']],
	logout: [['fileproc-tui logout', 'forget the token']],
	push: startingWith('fileproc-tui push'),
	start: [['fileproc-tui run https://files.example.org f_01j7', 'a file that is there']],
	get: [['fileproc-tui get https://files.example.org r_01j7', 'what a task came to']],
	events: [['fileproc-tui events https://files.example.org', 'what happens, as it happens']],
	cancel: [['fileproc-tui cancel https://files.example.org r_01j7', 'end a task']],
	pause: [['fileproc-tui pause https://files.example.org r_01j7', 'held, so that others have their turn']],
	resume: [['fileproc-tui resume https://files.example.org r_01j7', 'let go on']],
	retry: [['fileproc-tui retry https://files.example.org r_01j7', 'once more']],
	files: [['fileproc-tui files https://files.example.org status:failed', "some of one's files"]],
	'retry-failed': [['fileproc-tui retry-failed ./inbox --all', 'the failed files of a watched folder']],
	routes: [['fileproc-tui routes check routes.json ./inbox', 'which file takes which route, and why']],
	history: [
		['fileproc-tui history', 'all saved runs'],
		['fileproc-tui history status:failed since:2026-11-01', 'some of them'],
	],
	verify: [['fileproc-tui verify', 'whether files are still what they were']],
	doctor: [
		['fileproc-tui doctor', 'this machine and the ledger'],
		['fileproc-tui doctor ./inbox', 'why files of a watched folder wait'],
	],
	status: [
		['fileproc-tui status ./inbox', 'how a watched folder is doing'],
		['fileproc-tui status ./inbox --json', 'for scripts'],
	],
	clean: [
		['fileproc-tui clean ./inbox --dry-run', 'what it would remove'],
		['fileproc-tui clean ./inbox --older-than 30d', 'what was finished a month ago'],
	],
	man: [['fileproc-tui man | man -l -', 'read the manual page']],
};
