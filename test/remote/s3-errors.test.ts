import {expect, test} from 'vitest';
import {toErrorReport} from '../../source/engine/shared/errors.ts';
import {explainS3} from '../../source/remote/s3/s3-errors.ts';

const refused = (name: string, httpStatusCode?: number, more: object = {}): Error =>
	Object.assign(new Error('by the store'), {name, $metadata: {httpStatusCode}}, more);

test.each([
	[refused('NoSuchBucket', 404), 'NO_SUCH_BUCKET', 'AWS_ENDPOINT_URL'],
	[refused('NoSuchKey', 404), 'NO_SUCH_OBJECT', 'check the key'],
	[refused('NotFound', 404), 'NO_SUCH_OBJECT', 'check the key'],
	[refused('AccessDenied', 403), 'ACCESS_DENIED', 's3:GetObject'],
	[refused('403', 403), 'ACCESS_DENIED', '(403)'],
	[refused('InvalidObjectState', 403), 'OBJECT_ARCHIVED', 'restore'],
	[refused('SignatureDoesNotMatch', 403), 'WRONG_CREDENTIALS', 'SignatureDoesNotMatch'],
	[refused('ExpiredToken', 400), 'WRONG_CREDENTIALS', 'ExpiredToken'],
	[refused('PermanentRedirect', 301), 'WRONG_REGION', 'AWS_REGION'],
	[refused('CredentialsProviderError'), 'NO_CREDENTIALS', 'AWS_PROFILE'],
	[refused('SlowDown', 503), 'SERVER_BUSY', '-j'],
	[refused('InternalError', 500), 'SERVER_UNAVAILABLE', 'try it later'],
	[refused('Other', 400), 'HTTP_STATUS', '(Other, 400)'],
	[refused('PreconditionFailed', 412), 'CHANGED_WHILE_READING', 'changed while it was read'],
	[refused('Error', undefined, {code: 'ECONNRESET'}), 'CONNECTION_LOST', 'the.host'],
	[refused('Error', undefined, {code: 'ENOTFOUND'}), 'NO_SUCH_HOST', 'the.host'],
	[refused('Error', undefined, {code: 'SELF_SIGNED_CERT_IN_CHAIN'}), 'TLS_FAILED', 'NODE_EXTRA_CA_CERTS'],
	[refused('TimeoutError'), 'SERVER_SILENT', 'did not answer in time'],
	[refused('Error'), 'BAD_ANSWER', 'no answer of S3'],
])('%s is %s', (error, code, words) => {
	const report = toErrorReport(explainS3(error, 's3://bucket/key.csv', 'read', 'the.host'));
	expect(report).toMatchObject({code, message: expect.stringContaining(words)});
	if (!/CONNECTION|HOST|TLS|SILENT|CHANGED/.test(code))
		expect(report.message).toContain('s3://bucket/key.csv'.slice(0, 11));
});
