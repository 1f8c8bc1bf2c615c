// Flags of `serve`.
import {findAddressRangeFault} from '../../../server/address-range.ts';
import {ROLES} from '../../../server/roles.ts';
import {DURATION_PATTERN, findDurationFault, parseDuration} from '../../../text/duration.ts';
import {isLoopback} from '../../../text/is-loopback.ts';
import {findPercentFault, parsePostgresAddress} from '../../../text/secret-address.ts';
import {flagsOf} from './definition.ts';

/** The last use of a session is known to the minute, so a shorter time would end sessions that are in use. */
const MIN_SESSION_SECONDS = 300;

const findSessionFault = (text: string): string | undefined =>
	findDurationFault(text) ??
	((parseDuration(text) ?? 0) < MIN_SESSION_SECONDS ? 'a session lasts 5m or longer' : undefined);

function findIssuerFault(text: string): string | undefined {
	const url = URL.parse(text);
	if (url?.protocol === 'https:') return undefined;
	const isHere = url?.protocol === 'http:' && isLoopback(url.hostname.replace(/^\[(.*)\]$/, '$1'));
	return isHere ? undefined : 'the address of a provider begins with https://';
}

const findMetadataFault = (text: string): string | undefined =>
	parsePostgresAddress(text) === null
		? (findPercentFault(text) ?? 'the address of a database is like postgres://name@host/database')
		: undefined;

export const SERVE_FLAGS = [
	...flagsOf({group: 'Server', commands: ['serve']}, [
		{
			name: 'tls-cert',
			type: 'string',
			default: null,
			defaultText: 'no TLS',
			placeholder: '<file.pem>',
			completes: 'file',
			description: 'The certificate for HTTPS, with those that it hangs on; it is read again on SIGHUP',
		},
		{
			name: 'tls-key',
			type: 'string',
			default: null,
			defaultText: 'no TLS',
			placeholder: '<file.pem>',
			completes: 'file',
			description: 'The private key of --tls-cert',
		},
		{
			name: 'trust-proxy',
			type: 'string',
			default: null,
			defaultText: 'nobody',
			isMultiple: true,
			placeholder: '<address>',
			description:
				'A proxy, or a range like 10.0.0.0/8, whose X-Forwarded-For, -Proto and -Host are believed; may be given more than once',
			findFault: findAddressRangeFault,
		},
		{
			name: 'ssh',
			type: 'string',
			default: null,
			defaultText: 'no SSH',
			placeholder: '<[host]:port>',
			description:
				'Show the dashboard to those who come by SSH, at :2222 for all addresses of this machine, or at 2222 for the machine itself',
		},
		{
			name: 'ssh-keys',
			type: 'string',
			default: null,
			defaultText: 'authorized_keys in --data',
			placeholder: '<file>',
			completes: 'file',
			description:
				'The public keys that may come in by SSH, as OpenSSH has them, with role=user or another role, and user="<account>", in front; a key without a role may only look',
		},
		{
			name: 'ssh-passwords',
			type: 'boolean',
			default: false,
			description: 'Accounts may come in by SSH with their password, too, and with the code of their second factor',
		},
		{
			name: 'data',
			type: 'string',
			default: './fileproc-data',
			placeholder: '<dir>',
			completes: 'directory',
			description: 'The folder for accounts, files and results; it is made if there is none',
			commands: ['serve', 'users', 'token', 'backup', 'restore'],
		},
		{
			name: 'metadata',
			type: 'string',
			default: null,
			defaultText: 'this server is alone',
			placeholder: '<url>',
			pattern: '^postgres(?:ql)?://.',
			findFault: findMetadataFault,
			description:
				'Share accounts, sessions, tasks and events with other servers, by PostgreSQL: postgres://name@host/database, the same for all; clients may meet any of them. --data is then the copy of this one, and --shared-files has the files. Others of this machine see it in the list of processes: rather use the variable, or --metadata-file',
			commands: ['serve', 'users', 'token'],
		},
		{
			name: 'metadata-file',
			type: 'string',
			default: null,
			defaultText: 'none',
			placeholder: '<file>',
			completes: 'file',
			description: 'The file that this address is in',
			commands: ['serve', 'users', 'token'],
		},
		{
			name: 'shared-files',
			type: 'string',
			default: null,
			defaultText: 'none',
			placeholder: '<dir>',
			completes: 'directory',
			description:
				'With --metadata: the folder for files and results that all of these servers have, as a network drive; it is made if there is none',
		},
		{
			name: 'open',
			type: 'boolean',
			default: false,
			description: 'Without accounts: everybody who can reach it is its one user. Only on this machine',
		},
		{
			name: 'watch',
			type: 'string',
			default: null,
			defaultText: 'no folder',
			placeholder: '<dir>',
			completes: 'directory',
			description:
				'Also watch this folder as fileproc-tui watch does: /api/v1/inbox says how it goes, /upload?to=inbox drops files there',
		},
		{
			name: 'registration',
			type: 'string',
			default: 'invitation',
			choices: ['invitation', 'open', 'closed'],
			placeholder: '<who>',
			description: 'Who may make an account: invitation (who has one), open (anybody) or closed (nobody)',
		},
		{
			name: 'max-concurrent-tasks',
			type: 'integer',
			default: null,
			defaultText: '$MAX_CONCURRENT_TASKS, or 10',
			minimum: 1,
			maximum: 1000,
			placeholder: '<n>',
			description: 'Tasks that are worked on at the same time',
		},
		{
			name: 'max-queued',
			type: 'integer',
			default: 100,
			minimum: 0,
			maximum: 1_000_000,
			placeholder: '<n>',
			description: 'Tasks that wait at most; further ones are refused with 429',
		},
		{
			name: 'max-queued-per-user',
			type: 'integer',
			default: 20,
			minimum: 0,
			maximum: 1_000_000,
			placeholder: '<n>',
			description: 'The same for each user',
		},
		{
			name: 'on-full',
			type: 'string',
			default: 'queue',
			choices: ['queue', 'reject'],
			placeholder: '<what>',
			description: 'What a task does when as many as may are worked on: queue, or reject it with 429',
		},
		{
			name: 'max-upload-bytes',
			type: 'size',
			default: 10 * 1024 ** 3,
			minimum: 1,
			maximum: Number.MAX_SAFE_INTEGER,
			placeholder: '<size>',
			description: 'A larger file is refused',
		},
		{
			name: 'max-archive-members',
			type: 'integer',
			default: 10_000,
			minimum: 1,
			maximum: 100_000,
			placeholder: '<n>',
			description: 'An archive with more files is refused',
		},
		{
			name: 'quota-bytes',
			type: 'size',
			default: null,
			defaultText: 'no limit',
			minimum: 0,
			maximum: Number.MAX_SAFE_INTEGER,
			placeholder: '<size>',
			description: 'What the files of a user may take together',
		},
		{
			name: 'quota-files',
			type: 'integer',
			default: null,
			defaultText: 'no limit',
			minimum: 0,
			maximum: 1_000_000_000,
			placeholder: '<n>',
			description: 'How many files a user may have',
		},
		{
			name: 'session-idle',
			type: 'string',
			default: '8h',
			placeholder: '<time>',
			description: 'A login that is not used for so long ends',
			pattern: DURATION_PATTERN,
			findFault: findSessionFault,
		},
		{
			name: 'session-ttl',
			type: 'string',
			default: '7d',
			placeholder: '<time>',
			description: 'Any login ends after so long',
			pattern: DURATION_PATTERN,
			findFault: findSessionFault,
		},
		{
			name: 'require-second-factor',
			type: 'string',
			default: 'admin',
			choices: ROLES,
			placeholder: '<role>',
			description:
				'From this role on, nobody who has logged in does anything before adding a second factor, a code of an app',
		},
		{
			name: 'rate-limit',
			type: 'integer',
			default: null,
			defaultText: '1200; with --open no limit',
			minimum: 0,
			maximum: 1_000_000_000,
			placeholder: '<n>',
			description: 'Requests a minute of each user, and of each address where nobody has logged in; 0 is no limit',
		},
		{
			name: 'metrics-listen',
			type: 'string',
			default: null,
			defaultText: 'none',
			placeholder: '<host:port>',
			description:
				'Give metrics to Prometheus there, at /metrics, like 127.0.0.1:9464; elsewhere than on this machine it needs --metrics-token-file',
		},
		{
			name: 'metrics-token-file',
			type: 'string',
			default: null,
			defaultText: 'none',
			placeholder: '<file>',
			completes: 'file',
			description: 'A file with the token that monitoring sends, for /metrics and all of /health',
		},
		{
			name: 'breached-passwords',
			commands: ['serve', 'users'],
			type: 'string',
			default: null,
			defaultText: 'the 49,000 that are tried first',
			placeholder: '<file>',
			completes: 'file',
			description:
				'Refuse the passwords of this file, too, when somebody chooses one: SHA-1 in lines, ordered by hash, as Have I Been Pwned gives out what is known of breaches',
		},
		{
			name: 'encryption-key-file',
			commands: ['serve', 'worker'],
			type: 'string',
			default: null,
			defaultText: 'none',
			placeholder: '<file>',
			completes: 'file',
			description:
				'A file with a key of 32 bytes (as they are, in hex or base64), by which files that are sent in are encrypted on the disk (AES-256-GCM). Not encrypted: results, tables, rejected records, names, and a watched folder. Workers of such a server need it, too',
		},
		{
			name: 'scan-command',
			type: 'string',
			default: null,
			defaultText: 'none',
			placeholder: '<words>',
			description:
				'A program that looks at each file before anybody reads it, with its path behind the words, like "clamdscan --fdpass --no-summary"; it ends with 0 for harmless, 1 for harmful',
			findFault: text => (text.trim() === '' ? 'it is the name of a program, with its words' : undefined),
		},
		{
			name: 'scan-clamd',
			type: 'string',
			default: null,
			defaultText: 'none',
			placeholder: '<socket or host:port>',
			description: 'A clamd that looks at each file instead, like /run/clamav/clamd.ctl or 127.0.0.1:3310',
		},
		{
			name: 'on-scan-outage',
			type: 'string',
			default: 'hold',
			choices: ['hold', 'allow', 'reject'],
			placeholder: '<what>',
			description: 'While the scanner says nothing: files wait for it (hold), are let through, or are refused',
		},
		{
			name: 'oidc-issuer',
			type: 'string',
			default: null,
			defaultText: 'none',
			placeholder: '<url>',
			description: 'Let people log in by this provider (OpenID Connect), like https://login.example.com/tenant',
			findFault: findIssuerFault,
		},
		{
			name: 'oidc-client-id',
			type: 'string',
			default: null,
			defaultText: 'none',
			placeholder: '<id>',
			description: 'What the provider calls this server',
		},
		{
			name: 'oidc-client-secret-file',
			type: 'string',
			default: null,
			defaultText: 'none',
			placeholder: '<file>',
			completes: 'file',
			description: 'A file with the secret that the provider has given out for it',
		},
		{
			name: 'oidc-allow',
			type: 'string',
			default: null,
			defaultText: 'nobody',
			isMultiple: true,
			placeholder: '<claim=value>',
			description:
				'Whom the provider may let in, like groups=analysts; of one claim any value is enough, and every claim that is named must have one. It is looked at again whenever what the provider has said expires',
			findFault: text =>
				/^[^=\s]+=.+$/.test(text) ? undefined : 'a claim and its value are written like groups=analysts',
		},
		{
			name: 'oidc-role',
			type: 'string',
			default: 'user',
			choices: ROLES.filter(role => role !== 'admin'),
			placeholder: '<role>',
			description: 'Of accounts that are made at the first login by the provider',
		},
		{
			name: 'oidc-scope',
			type: 'string',
			default: 'openid profile email',
			placeholder: '<words>',
			description:
				'What is asked of the provider; many send no refresh token without offline_access, and then a login ends with what it has said',
		},
		{
			name: 'public-health',
			type: 'string',
			default: 'status',
			choices: ['status', 'full'],
			placeholder: '<part>',
			description:
				'What /health answers to others than this machine, operators and monitoring: only the status, or all figures',
		},
		{
			name: 'security-contact',
			type: 'string',
			default: null,
			defaultText: 'none',
			placeholder: '<address>',
			description:
				'Whom to tell of a weakness of the server, like mailto:security@example.com; /.well-known/security.txt says so',
		},
		{
			name: 'max-streams-per-user',
			type: 'integer',
			default: 200,
			minimum: 1,
			maximum: 1_000_000,
			placeholder: '<n>',
			description: 'Streams of events of a user at the same time',
		},
		{
			name: 'webhook-allow',
			type: 'string',
			default: null,
			defaultText: 'public addresses',
			isMultiple: true,
			placeholder: '<address>',
			description:
				'An address of a network of your own, or a range like 10.0.0.0/8, that webhooks may lead to, also by plain HTTP; may be given more than once',
			findFault: findAddressRangeFault,
		},
		{
			name: 'smtp-url-file',
			type: 'string',
			default: null,
			defaultText: 'no mail',
			placeholder: '<file>',
			completes: 'file',
			description: 'A file with the SMTP server for mail, as smtps://name:password@host',
		},
		{
			name: 'mail-from',
			type: 'string',
			default: null,
			defaultText: 'none',
			placeholder: '<address>',
			description: 'The address that mail comes from; --smtp-url-file needs it',
		},
	]),
	...flagsOf({group: 'Server', commands: ['serve', 'doctor']}, [
		{
			name: 'dataset-ttl',
			type: 'string',
			default: '1h',
			placeholder: '<time>',
			description: 'How long files that were sent in are kept, like 30m, 1h or 7d; 0 keeps them',
			pattern: DURATION_PATTERN,
			findFault: findDurationFault,
		},
		{
			name: 'result-ttl',
			type: 'string',
			default: '0',
			placeholder: '<time>',
			description: 'How long results are kept, like 30d; 0 keeps them',
			pattern: DURATION_PATTERN,
			findFault: findDurationFault,
		},
	]),
] as const;
