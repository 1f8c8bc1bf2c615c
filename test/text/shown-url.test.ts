import {expect, test} from 'vitest';
import {isRemotePath, withoutSecrets} from '../../source/text/shown-url.ts';

test.each([
	['https://host/a.csv', 'https://host/a.csv'],
	['https://host/a b.csv?day=2026-01-01&design=x', 'https://host/a b.csv?day=2026-01-01&design=x'],
	['https://anna:word@host:8443/a.csv', 'https://host:8443/a.csv'],
	[
		'https://b.s3.amazonaws.com/k.csv?X-Amz-Algorithm=A&X-Amz-Credential=B&X-Amz-Signature=C',
		'https://b.s3.amazonaws.com/k.csv',
	],
	[
		'https://a.blob.core.windows.net/c/k.csv?sv=2022&sr=b&sig=abc&part=1',
		'https://a.blob.core.windows.net/c/k.csv?part=1',
	],
	['https://storage.googleapis.com/b/k?X-Goog-Signature=abc', 'https://storage.googleapis.com/b/k'],
	['https://d.cloudfront.net/k?Expires=1&Signature=abc&Key-Pair-Id=K', 'https://d.cloudfront.net/k'],
	['https://host/a?access_token=abc&refresh-token=x&apiKey=y&page=2', 'https://host/a?page=2'],
	['https://host/a?id=0123456789abcdef0123456789abcdef0123456789abcdef', 'https://host/a'],
	['https://host/a#part', 'https://host/a'],
	['https://[', 'https://['],
	['https://anna:word@host:99999/a.csv?sig=x', 'https://host:99999/a.csv'],
	['s3://bucket/key?sig=x', 's3://bucket/key?sig=x'],
	['data/https://anna:word@host', 'data/https://anna:word@host'],
])('%s is shown as %s', (url, shown) => {
	expect(withoutSecrets(url)).toBe(shown);
	expect(withoutSecrets(shown)).toBe(shown);
});

test('addresses are told from paths', () => {
	expect(['s3://b/k', 'S3://b', 'https://h/', 'HTTP://h'].map(isRemotePath)).toEqual([true, true, true, true]);
	expect(['s3:/b', './s3://b', 'ftp://h', 'a.csv', '-'].map(isRemotePath)).toEqual([false, false, false, false, false]);
});
