import {expect, test} from 'vitest';
import {parseArguments} from '../../source/cli/arguments/options.ts';
import {UsageError} from '../../source/cli/arguments/usage-error.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const serve = (...words: string[]) =>
	parseArguments(['serve', ...words], {env: {}, packageJson: {name: 'fileproc-tui', version: '1.2.3'}});

test.each([
	'127.0.0.1',
	'127.8.9.1',
	'localhost',
	'[::1]',
	'[::ffff:127.0.0.1]',
])('a server without accounts listens on %s, which only this machine reaches', host => {
	expect(serve('--open', '--listen', `${host}:8000`)).toMatchObject({name: 'serve'});
});

test.each([
	'0.0.0.0',
	'[::]',
	'192.168.1.2',
	'127.example.com',
	'localhost.example.com',
	'[::ffff:10.0.0.1]',
])('a server without accounts does not listen on %s', host => {
	expect(() => serve('--open', '--listen', `${host}:8000`)).toThrow(UsageError);
	expect(() => serve('--open', '--listen', `${host}:8000`)).toThrow('listens on this machine only');
});

test('a certificate comes with its key', () => {
	expect(serve('--tls-cert', 'a.pem', '--tls-key', 'a.key')).toMatchObject({
		options: {tls: {certificate: 'a.pem', key: 'a.key'}},
	});
	expect(() => serve('--tls-cert', 'a.pem')).toThrow(/add --tls-key/);
	expect(() => serve('--tls-key', 'a.key')).toThrow(/add --tls-cert/);
});

test('proxies are addresses and ranges', () => {
	expect(serve('--trust-proxy', '10.0.0.0/8', '--trust-proxy', '::1')).toMatchObject({
		options: {trustProxy: ['10.0.0.0/8', '::1']},
	});
	for (const wrong of ['proxy.example', '10.0.0', '10.0.0.0/33', '0.0.0.0/0', '10.0.0.0/8/8', '::1/129', ''])
		expect(() => serve('--trust-proxy', wrong), wrong).toThrow(UsageError);
});

test('requests are limited to 1200 a minute, but not without accounts, unless it is asked for', () => {
	const limitOf = (...words: string[]) => serve(...words) as {options?: {requestsPerMinute: number | null}};
	expect(limitOf()).toMatchObject({options: {requestsPerMinute: 1200}});
	expect(limitOf('--open')).toMatchObject({options: {requestsPerMinute: null}});
	expect(limitOf('--open', '--rate-limit', '5')).toMatchObject({options: {requestsPerMinute: 5}});
	expect(limitOf('--rate-limit', '0')).toMatchObject({options: {requestsPerMinute: null}});
});

test('metrics are given out on this machine, elsewhere only to who has a token', () => {
	expect(serve('--metrics-listen', '127.0.0.1:9464')).toMatchObject({
		options: {metricsAddress: {host: '127.0.0.1', port: 9464}, metricsTokenFile: null},
	});
	expect(() => serve('--metrics-listen', '0.0.0.0:9464')).toThrow(/add --metrics-token-file/);
	expect(() => serve('--metrics-listen', 'nowhere')).toThrow(/--metrics-listen takes a host and a port/);
	expect(serve('--metrics-listen', '0.0.0.0:9464', '--metrics-token-file', 't')).toMatchObject({
		options: {metricsTokenFile: 't'},
	});
});

test('each flag has a variable, which it wins over; addresses have commas between them', () => {
	const withVariables = (env: Record<string, string>, ...words: string[]) =>
		parseArguments(['serve', ...words], {env, packageJson: {name: 'fileproc-tui', version: '1.2.3'}});
	const env = {
		...{FILEPROC_MAX_QUEUED: '7', FILEPROC_MAX_CONCURRENT_TASKS: '3'},
		...{FILEPROC_TRUST_PROXY: '10.0.0.0/8,fd00::/8', FILEPROC_METRICS_TOKEN_FILE: '/run/secrets/token'},
	};
	expect(withVariables(env)).toMatchObject({
		options: {
			...{maxQueued: 7, maxConcurrentTasks: 3, trustProxy: ['10.0.0.0/8', 'fd00::/8']},
			metricsTokenFile: '/run/secrets/token',
		},
	});
	expect(withVariables(env, '--max-queued', '9')).toMatchObject({options: {maxQueued: 9}});
	expect(withVariables({MAX_CONCURRENT_TASKS: '4'})).toMatchObject({options: {maxConcurrentTasks: 4}});
	expect(() => withVariables({FILEPROC_MAX_QUEUED: 'many'})).toThrow('FILEPROC_MAX_QUEUED takes');
	expect(() => withVariables({MAX_CONCURRENT_TASKS: '0'})).toThrow('MAX_CONCURRENT_TASKS takes');
});

test('secrets are found where systemd lays them, unless a flag names another file', () => {
	const folder = createTemporaryFolder();
	for (const name of ['tls-cert', 'tls-key', 'metrics-token', 'smtp-url', 'encryption-key']) folder.write(name, 'x');
	const withCredentials = (...words: string[]) =>
		parseArguments(['serve', '--mail-from', 'a@example.com', ...words], {
			...{env: {CREDENTIALS_DIRECTORY: folder.path}, packageJson: {name: 'fileproc-tui', version: '1.2.3'}},
		});
	const at = (name: string) => folder.at(name);
	expect(withCredentials('--tls-key', 'own.key')).toMatchObject({
		options: {
			...{tls: {certificate: at('tls-cert'), key: 'own.key'}, metricsTokenFile: at('metrics-token')},
			...{mail: {urlFile: at('smtp-url')}, encryptionKeyFile: at('encryption-key')},
		},
	});
	const empty = parseArguments(['serve'], {
		...{env: {CREDENTIALS_DIRECTORY: folder.at('none')}, packageJson: {name: 'fileproc-tui', version: '1.2.3'}},
	});
	expect(empty).toMatchObject({options: {tls: null, metricsTokenFile: null, mail: null, encryptionKeyFile: null}});
});

test('a provider of logins lets in whom the operator names, and is asked by TLS', () => {
	const words = ['--oidc-issuer', 'https://login.example.com/t', '--oidc-client-id', 'fileproc'];
	expect(serve(...words, '--oidc-allow', 'groups=a=b', '--oidc-allow', 'tenant=x')).toMatchObject({
		options: {
			oidc: {
				...{issuer: 'https://login.example.com/t', clientId: 'fileproc', clientSecretFile: null},
				...{allow: ['groups=a=b', 'tenant=x'], role: 'user', scope: 'openid profile email'},
			},
		},
	});
	expect(() => serve(...words)).toThrow(/would let in everybody/);
	expect(() => serve('--oidc-allow', 'a=b')).toThrow(/add --oidc-issuer/);
	expect(() => serve('--oidc-issuer', 'https://x.example', '--oidc-allow', 'a=b')).toThrow(/add --oidc-client-id/);
	for (const wrong of ['groups', '=x', 'groups='])
		expect(() => serve(...words, '--oidc-allow', wrong), wrong).toThrow(/like groups=analysts/);
	for (const wrong of ['http://login.example.com', 'login.example.com'])
		expect(() => serve('--oidc-issuer', wrong), wrong).toThrow(/begins with https/);
});

test('a scanner is a program with its words, or a clamd', () => {
	const scanOf = (...words: string[]) => (serve(...words) as {options?: {scan: object}}).options?.scan;
	expect(scanOf('--scan-command', ' clamdscan --fdpass ')).toEqual({
		...{scanner: {command: ['clamdscan', '--fdpass']}, onOutage: 'hold'},
	});
	expect(scanOf('--scan-clamd', '127.0.0.1:3310', '--on-scan-outage', 'reject')).toEqual({
		...{scanner: {clamd: '127.0.0.1:3310'}, onOutage: 'reject'},
	});
	expect(scanOf()).toBe(null);
	expect(() => serve('--scan-command', 'x', '--scan-clamd', 'y')).toThrow(/One scanner is enough/);
	expect(() => serve('--on-scan-outage', 'allow')).toThrow(/add --scan-command/);
	expect(() => serve('--scan-command', 'x', '--encryption-key-file', 'key')).toThrow(/use --scan-clamd/);
});
