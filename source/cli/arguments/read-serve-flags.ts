// What a server is started with, by flags; MAX_CONCURRENT_TASKS is what the systems before read.
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import type {ServerOptions} from '../../server/options.ts';
import type {KeptTimes} from '../../server/retention.ts';
import type {TlsFiles} from '../../server/tls.ts';
import {parseDuration} from '../../text/duration.ts';
import {isLoopback} from '../../text/is-loopback.ts';
import type {ConfigFile} from '../config-file/read-configs.ts';
import {type FlagValues, getDefault} from './flags.ts';
import {readSharingFlags, type SharingFlags} from './read-sharing-flags.ts';
import {readWatchFlags, type WatchFlags} from './read-watch-flags.ts';
import type {RunSettings} from './settings.ts';
import {quoted, UsageError} from './usage-error.ts';

export interface SshFlags {
	/** All addresses of the machine: `::`. */
	readonly host: string;
	readonly port: number;
	/** `null`: `authorized_keys` in the folder of the server. */
	readonly keysFile: string | null;
	/** Whether accounts may come in by their password. */
	readonly takesPasswords: boolean;
}

export interface ServeFlags
	extends Omit<ServerOptions, 'inbox' | 'taskOptions' | 'sniffing' | 'version' | 'log' | 'onFault' | 'sharing'> {
	readonly ssh: SshFlags | null;
	/** `null`: it shares nothing with other servers. */
	readonly sharing: SharingFlags | null;
}

const DEFAULT_ADDRESS = '127.0.0.1:8000';
const DEFAULT_SSH_ADDRESS = ':2222';
const DEFAULT_CONCURRENT_TASKS = 10;
/** Without accounts nobody is to be guarded against others. */
const DEFAULT_RATE_LIMIT = 1200;

/** Secrets that systemd lays into a folder (LoadCredential), by the flags that name their files; a flag or its variable wins. */
const CREDENTIALS = {
	'tls-cert': 'tls-cert',
	'tls-key': 'tls-key',
	'metrics-token-file': 'metrics-token',
	'smtp-url-file': 'smtp-url',
	'oidc-client-secret-file': 'oidc-client-secret',
	'encryption-key-file': 'encryption-key',
} as const;

function readCredentials(folder: string | undefined): FlagValues {
	if (folder === undefined || folder === '') return {};
	const found = Object.entries(CREDENTIALS).map(([flag, name]) => [flag, join(folder, name)] as const);
	return Object.fromEntries(found.filter(([, path]) => existsSync(path)));
}

/**
@param isSshAlone - Of the command `ssh`, whose --listen is that of SSH.
@throws {UsageError}
*/
export function readServeFlags(
	given: FlagValues,
	env: Readonly<Record<string, string | undefined>>,
	isSshAlone = false,
): ServeFlags {
	const credentials = readCredentials(env.CREDENTIALS_DIRECTORY);
	const values = isSshAlone
		? {...credentials, ...given, listen: '127.0.0.1:0', ssh: given.ssh ?? given.listen ?? DEFAULT_SSH_ADDRESS}
		: {...credentials, ...given};
	const idleSeconds = parseDuration(values['session-idle'] ?? getDefault('session-idle')) ?? 0;
	const sessionSeconds = parseDuration(values['session-ttl'] ?? getDefault('session-ttl')) ?? 0;
	const isOpen = values.open ?? getDefault('open');
	const address = readAddress(values.listen ?? DEFAULT_ADDRESS, 'listen');
	if (isOpen && !isLoopback(address.host))
		throw new UsageError(
			`--open has no accounts, so it listens on this machine only, not on ${quoted(address.host)}: leave --open away.`,
		);
	return {
		...address,
		...readMetricsFlags(values),
		isHealthPublic: (values['public-health'] ?? getDefault('public-health')) === 'full',
		securityContact: readContact(values['security-contact']),
		webhookAllow: values['webhook-allow'] ?? [],
		mail: readMail(values),
		oidc: readOidc(values),
		scan: readScan(values),
		breachedPasswordsFile: values['breached-passwords'] ?? null,
		encryptionKeyFile: readEncryption(values),
		tls: readTlsFiles(values),
		trustProxy: values['trust-proxy'] ?? [],
		isOpen,
		isSshAlone,
		ssh: readSshFlags(values),
		sharing: readSharingFlags(values),
		dataFolder: values.data ?? getDefault('data'),
		registration: values.registration ?? getDefault('registration'),
		maxConcurrentTasks: values['max-concurrent-tasks'] ?? readCount(env) ?? DEFAULT_CONCURRENT_TASKS,
		maxQueued: values['max-queued'] ?? getDefault('max-queued'),
		maxQueuedPerUser: values['max-queued-per-user'] ?? getDefault('max-queued-per-user'),
		onFull: values['on-full'] ?? getDefault('on-full'),
		maxUploadBytes: values['max-upload-bytes'] ?? getDefault('max-upload-bytes'),
		maxUnpackedBytes: values['max-unpacked-bytes'] ?? getDefault('max-unpacked-bytes'),
		maxUnpackRatio: values['max-unpack-ratio'] ?? getDefault('max-unpack-ratio'),
		maxMembers: values['max-archive-members'] ?? getDefault('max-archive-members'),
		quotaBytes: values['quota-bytes'] ?? null,
		quotaFiles: values['quota-files'] ?? null,
		...readKeptTimes(values),
		maxRejects: values['max-rejects'] ?? getDefault('max-rejects'),
		sessionIdleMs: idleSeconds * 1000,
		sessionTtlMs: sessionSeconds * 1000,
		secondFactorRole: values['require-second-factor'] ?? getDefault('require-second-factor'),
		requestsPerMinute: (values['rate-limit'] ?? (isOpen ? 0 : DEFAULT_RATE_LIMIT)) || null,
		maxStreamsPerUser: values['max-streams-per-user'] ?? getDefault('max-streams-per-user'),
		threads: values.threads ?? undefined,
	};
}

function readMetricsFlags(values: FlagValues): Pick<ServeFlags, 'metricsAddress' | 'metricsTokenFile'> {
	const [listen = null, metricsTokenFile = null] = [values['metrics-listen'], values['metrics-token-file']];
	if (listen === null) return {metricsAddress: null, metricsTokenFile};
	const metricsAddress = readAddress(listen, 'metrics-listen');
	if (isLoopback(metricsAddress.host) || metricsTokenFile !== null) return {metricsAddress, metricsTokenFile};
	throw new UsageError(
		`${quoted(metricsAddress.host)} can be reached from other machines, and metrics are not for everybody: add --metrics-token-file <file>.`,
	);
}

function readSshFlags(values: FlagValues): SshFlags | null {
	const {ssh, 'ssh-keys': keysFile = null, 'ssh-passwords': takesPasswords = getDefault('ssh-passwords')} = values;
	if (ssh !== undefined) return {...readAddress(ssh.replace(/^:/, '[::]:'), 'ssh'), keysFile, takesPasswords};
	if (keysFile === null && !takesPasswords) return null;
	const flag = keysFile === null ? '--ssh-passwords' : '--ssh-keys';
	throw new UsageError(`${flag} is for those who come by SSH: add --ssh :2222.`);
}

function readContact(given: string | null = null): string | null {
	if (given === null || /^(?:mailto:[^\s@]+@[^\s@]+|https:\/\/\S+|tel:\+[\d-]+)$/.test(given)) return given;
	throw new UsageError(
		`${quoted(given)} is no --security-contact: expected an address like mailto:security@example.com or https://example.com/security.`,
	);
}

function readTlsFiles(values: FlagValues): TlsFiles | null {
	const [certificate = null, key = null] = [values['tls-cert'], values['tls-key']];
	if (certificate === null && key === null) return null;
	if (certificate !== null && key !== null) return {certificate, key};
	throw new UsageError(
		certificate === null
			? '--tls-key needs the certificate of the key: add --tls-cert <file.pem>.'
			: '--tls-cert needs the key of the certificate: add --tls-key <file.pem>.',
	);
}

function readMail(values: FlagValues): ServeFlags['mail'] {
	const [urlFile = null, from = null] = [values['smtp-url-file'], values['mail-from']];
	if (urlFile === null && from === null) return null;
	if (urlFile === null) throw new UsageError('--mail-from needs a server to send mail by: add --smtp-url-file <file>.');
	if (from === null || !/^[^\s@<>]+@[^\s@<>]+$/.test(from))
		throw new UsageError(
			`--smtp-url-file needs the address that mail comes from: add --mail-from fileproc@example.com${from === null ? '' : `, and not ${quoted(from)}`}.`,
		);
	return {urlFile, from};
}

export interface ServeCommand {
	readonly name: 'serve' | 'ssh';
	readonly options: ServeFlags;
	/** Of its log. */
	readonly settings: RunSettings;
	/** A folder that is watched beside. */
	readonly inbox: ServedFolder | null;
}

/** @throws {UsageError} */
export function readServeWords(
	name: ServeCommand['name'],
	words: readonly string[],
	{values, env, settings, files}: ServePlace,
): ServeCommand {
	const [word] = words;
	if (word !== undefined) throw new UsageError(`${name} takes no words, but got ${quoted(word)}.`);
	const options = readServeFlags(values, env, name === 'ssh');
	return {
		...{name, options, settings},
		inbox: values.watch === undefined ? null : {directory: values.watch, flags: readWatchFlags(values, files)},
	};
}

interface ServePlace {
	readonly values: FlagValues;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly settings: RunSettings;
	readonly files: readonly ConfigFile[];
}

function readScan(values: FlagValues): ServeFlags['scan'] {
	const {'scan-command': words = null, 'scan-clamd': clamd = null} = values;
	const onOutage = values['on-scan-outage'] ?? getDefault('on-scan-outage');
	if (words !== null && clamd !== null) throw new UsageError('One scanner is enough: --scan-command or --scan-clamd.');
	if (clamd !== null) return {scanner: {clamd}, onOutage};
	if (words !== null) {
		const [name = '', ...others] = words.trim().split(/\s+/);
		return {scanner: {command: [name, ...others]}, onOutage};
	}
	if (values['on-scan-outage'] !== undefined)
		throw new UsageError('--on-scan-outage is about a scanner: add --scan-command <words> or --scan-clamd <socket>.');
	return null;
}

function readEncryption(values: FlagValues): string | null {
	const file = values['encryption-key-file'] ?? null;
	if (file !== null && values['scan-command'] != null)
		throw new UsageError(
			'--scan-command gives a program the path of a file, which is encrypted by --encryption-key-file: use --scan-clamd, which is sent the bytes.',
		);
	return file;
}

function readOidc(values: FlagValues): ServeFlags['oidc'] {
	const {'oidc-issuer': issuer = null, 'oidc-client-id': clientId = null, 'oidc-allow': allow = []} = values;
	if (issuer === null) {
		if (clientId === null && allow.length === 0) return null;
		throw new UsageError('--oidc-client-id and --oidc-allow are of a provider: add --oidc-issuer <url>.');
	}
	if (clientId === null)
		throw new UsageError('--oidc-issuer needs what the provider calls this server: add --oidc-client-id <id>.');
	if (allow.length === 0)
		throw new UsageError(
			'--oidc-issuer alone would let in everybody whom the provider knows: say who may come by --oidc-allow, like groups=analysts.',
		);
	return {
		...{issuer, clientId, clientSecretFile: values['oidc-client-secret-file'] ?? null, allow},
		...{role: values['oidc-role'] ?? getDefault('oidc-role'), scope: values['oidc-scope'] ?? getDefault('oidc-scope')},
	};
}

export interface ServedFolder {
	readonly directory: string;
	readonly flags: WatchFlags;
}

/** `null`: for ever. */
export const readKeptTimes = (values: FlagValues): KeptTimes => ({
	datasetTtlMs: timeToLiveMs(values['dataset-ttl'] ?? getDefault('dataset-ttl')),
	resultTtlMs: timeToLiveMs(values['result-ttl'] ?? getDefault('result-ttl')),
});

function timeToLiveMs(text: string): number | null {
	const seconds = parseDuration(text) ?? 0;
	return seconds === 0 ? null : seconds * 1000;
}

export function readAddress(
	text: string,
	flag: 'listen' | 'metrics-listen' | 'ssh',
): {readonly host: string; readonly port: number} {
	const [, host = '127.0.0.1', port = ''] = /^(?:(\[[0-9a-f:.]+\]|[^:[\]]+):)?(\d{1,5})$/i.exec(text) ?? [];
	const number = Number(port);
	if (port === '' || number > 65_535)
		throw new UsageError(`--${flag} takes a host and a port, like 127.0.0.1:8000, but got ${quoted(text)}.`);
	return {host: host.replace(/^\[(.*)\]$/, '$1'), port: number};
}

function readCount(env: Readonly<Record<string, string | undefined>>): number | null {
	const {MAX_CONCURRENT_TASKS: text = ''} = env;
	if (text === '') return null;
	const count = Number(text);
	if (Number.isInteger(count) && count >= 1 && count <= 1000) return count;
	throw new UsageError(`MAX_CONCURRENT_TASKS takes a whole number from 1 to 1000, but got ${quoted(text)}.`);
}
