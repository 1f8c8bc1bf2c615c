// Settings to begin with, by what the program is used for: each with what it means, switched off unless a person has to decide on it.
import {formatByteSize} from '../../../text/byte-size.ts';
import {type FlagDefinition, type FlagName, findFlag, toCamelCase} from '../../arguments/flags.ts';
import {CONFIG_FILE_NAME} from '../../config-file/config-names.ts';
import {flag, METRICS_ADDRESS, type Setup, variable} from './setup.ts';

const COMMENT_COLUMNS = 110;

function comment(sign: string, text: string): string[] {
	const lines: string[] = [];
	for (const word of text.split(' ')) {
		const last = lines.at(-1);
		if (last === undefined || last.length + word.length >= COMMENT_COLUMNS) lines.push(`${sign} ${word}`);
		else lines[lines.length - 1] = `${last} ${word}`;
	}
	return lines;
}

function definitionOf(name: FlagName): FlagDefinition {
	const found = findFlag(name);
	if (found === undefined) throw new Error(`Expected a flag ${name}`);
	return found;
}

/** Settings of the files of one folder, which anybody may have written: see `FlagBase.config`. */
const BATCH: readonly (readonly [name: FlagName, example: unknown])[] = [
	['analysis', 'transactions'],
	['map', 'amount=Betrag,date=Datum'],
	['delimiter', ';'],
	['encoding', 'windows-1252'],
	['decimal', ','],
	['date-format', 'd/m/y'],
	['max-errors', '0.5%'],
	['theme', 'high-contrast'],
];

export const batch = (): Setup => ({
	files: [
		{
			name: CONFIG_FILE_NAME,
			text: `// Settings of fileproc-tui for the files in this folder. A flag wins over what stands here; "fileproc-tui config" says what is in use.
// What writes files, such as "report", may only stand in your own file: it says where that is, too.
{
${BATCH.map(([name, example]) => `${comment('\t//', definitionOf(name).description).join('\n')}\n\t// ${JSON.stringify(toCamelCase(name))}: ${JSON.stringify(example)},\n`).join('\n')}
${comment('\t//', definitionOf('concurrency').description).join('\n')}
\t"concurrency": ${String(definitionOf('concurrency').default)}
}
`,
		},
	],
	next: [
		'fileproc-tui config                     what is in use',
		'fileproc-tui sniff .                    what the files are like',
		'fileproc-tui .                          all of them; --json for scripts',
	],
});

const ROUTES = `// Which files of a watched folder take which steps. The first route that fits is taken.
// "fileproc-tui routes check routes.json <file>" says which one that is for a file, and why.
{
	"watch": {
		"routes": [
			// By its columns; "name": "*.csv", "folder", "size", "contains" and "matches" are other terms.
			{
				"tag": "transactions",
				"match": {"columns": ["customer_id", "amount", "date", "category"]},
				"steps": [{"processor": "analyze", "with": {"analysis": ["transactions", "quality"]}}]
			},
			// A step may also be one of convert, filter, select, validate, command, webhook and move, or a module of your own:
			// {
			// 	"tag": "orders",
			// 	"match": {"name": "orders-*.csv"},
			// 	"steps": [
			// 		{"processor": "validate", "with": {"columns": {"id": {"type": "integer", "unique": true}}, "maxRejects": "5%"}},
			// 		{"processor": "convert", "with": {"to": "parquet"}}
			// 	]
			// },
			// Anything else. Without such a route it goes to failed/ as NO_ROUTE.
			{"tag": "other", "match": "any", "steps": [{"processor": "analyze"}]}
		]
	}
}
`;

export const watch = (): Setup => ({
	files: [{name: 'routes.json', text: ROUTES}],
	next: [
		'fileproc-tui routes check routes.json   what it says',
		`fileproc-tui watch ./inbox ${flag('routes')} routes.json    then drop files into inbox/unprocessed/`,
		'fileproc-tui init systemd               the same as a service',
	],
});

/** What is most often asked for; an example where there is no default that says something. */
const SERVE: readonly (readonly [name: FlagName, example?: string])[] = [
	['registration'],
	['require-second-factor'],
	['data'],
	['max-queued'],
	['max-queued-per-user'],
	['max-upload-bytes'],
	['quota-bytes', '5GiB'],
	['dataset-ttl'],
	['result-ttl', '30d'],
	['rate-limit', '1200'],
	['trust-proxy', '127.0.0.1'],
	['tls-cert', '/etc/fileproc-tui/cert.pem'],
	['tls-key', '/etc/fileproc-tui/key.pem'],
	['metrics-listen', METRICS_ADDRESS],
	['watch', '/srv/inbox'],
	['ssh', ':2222'],
	['oidc-issuer', 'https://login.example.com/tenant'],
	['oidc-client-id', 'fileproc'],
	['oidc-client-secret-file', '/etc/fileproc-tui/oidc-client-secret'],
	['oidc-allow', 'groups=analysts'],
	['scan-clamd', '/run/clamav/clamd.ctl'],
	['smtp-url-file', '/etc/fileproc-tui/smtp-url'],
	['mail-from', 'fileproc@example.org'],
];

function settingOf(name: FlagName, example: string | undefined): string {
	const definition = definitionOf(name);
	const value = example ?? definition.default;
	if (value === null) throw new Error(`Expected an example or a default of ${name}`);
	return definition.type === 'size' && typeof value === 'number' ? formatByteSize(value) : String(value);
}

export const serve = (): Setup => ({
	files: [
		{
			name: 'fileproc-serve.env',
			text: `# Settings of fileproc-tui serve, which systemd (EnvironmentFile), compose (env_file) and shells read. A flag wins over its variable.
# Secrets stand in files of their own, which are named here.

${SERVE.map(([name, example]) => `${comment('#', definitionOf(name).description).join('\n')}\n#${variable(name)}=${settingOf(name, example)}\n`).join('\n')}
${comment('#', definitionOf('max-concurrent-tasks').description).join('\n')}
${variable('max-concurrent-tasks')}=${settingOf('max-concurrent-tasks', '10')}
`,
		},
	],
	next: [
		'set -a; . ./fileproc-serve.env; set +a; fileproc-tui serve',
		'fileproc-tui init proxy                 HTTPS in front of it',
		'fileproc-tui init systemd               as a service; init compose as containers',
	],
});
