import {expect, test} from 'vitest';
import {parseArguments} from '../../source/cli/arguments/options.ts';
import {UsageError} from '../../source/cli/arguments/usage-error.ts';

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
