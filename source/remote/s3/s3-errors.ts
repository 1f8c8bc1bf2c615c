// What a store's refusals mean, and what to try.
import {changedMeanwhile} from '../changed-meanwhile.ts';
import {explainConnection, RemoteError, type RemoteErrorCode} from '../remote-error.ts';

interface Refusal {
	readonly name: string;
	/** `undefined` where no answer came. */
	readonly status: number | undefined;
}

const permission = {
	read: 's3:GetObject on the object (and s3:ListBucket on the bucket, without which a missing object is refused, too)',
	list: 's3:ListBucket on the bucket',
	write: 's3:PutObject on the object, and s3:AbortMultipartUpload',
} as const;

export type Doing = keyof typeof permission;

/**
@param what - The object, or what of a bucket was listed, as people write it.
@param host - Where the store is.
*/
export function explainS3(error: unknown, what: string, doing: Doing, host: string): Error {
	if (error instanceof RemoteError) return error;
	if (!(error instanceof Error)) return new Error(String(error));
	const refusal = refusalOf(error);
	const failed = (code: RemoteErrorCode, message: string): RemoteError =>
		new RemoteError(code, message, {cause: error});
	const {name, status} = refusal;
	if (isMissingCredentials(error))
		return failed(
			'NO_CREDENTIALS',
			`There are no credentials for ${what}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE to a profile of ~/.aws (aws configure, aws sso login). Public objects can be read by their https:// address. ${firstLine(error)}`,
		);
	if (name === 'NoSuchBucket')
		return failed(
			'NO_SUCH_BUCKET',
			`There is no bucket ${/^s3:\/\/[^/]*/.exec(what)?.[0] ?? what} at ${host}: check its name, and the endpoint (AWS_ENDPOINT_URL)`,
		);
	if (name === 'InvalidBucketName')
		return failed('NO_SUCH_BUCKET', `No bucket can be called as in ${what}: names have 3 to 63 of a-z, 0-9, . and -`);
	if (name === 'InvalidObjectState')
		return failed(
			'OBJECT_ARCHIVED',
			`${what} lies in an archive (Glacier), where it cannot be read: restore it first (aws s3api restore-object)`,
		);
	if (
		/^(?:InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|ExpiredTokenException|InvalidToken|TokenRefreshRequired|RequestTimeTooSkewed)$/.test(
			name,
		)
	)
		return failed(
			'WRONG_CREDENTIALS',
			`${host} does not accept the credentials for ${what} (${name}): check the key, its secret and that it has not run out, and the clock of this machine`,
		);
	if (
		/^(?:PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException)$/.test(name) ||
		status === 301
	)
		return failed('WRONG_REGION', `The bucket of ${what} is in another region: set AWS_REGION to that`);
	if (name === 'PreconditionFailed' || status === 412)
		return changedMeanwhile({size: null, version: 'that was opened'}, null);
	if (name === 'NoSuchKey' || name === 'NotFound' || status === 404)
		return failed('NO_SUCH_OBJECT', `There is no ${what} at ${host}: check the key`);
	if (status === 401 || status === 403)
		return failed(
			'ACCESS_DENIED',
			`These credentials may not ${doing} ${what} (${name || status}): they need ${permission[doing]}`,
		);
	return explainOther(error, refusal, what, host);
}

function explainOther(error: Error, {name, status}: Refusal, what: string, host: string): Error {
	if (name === 'SlowDown' || status === 503 || status === 429 || /Throttl|TooManyRequests|RequestLimit/.test(name))
		return new RemoteError(
			'SERVER_BUSY',
			`${host} is too busy for ${what} (${name}): try it later, or with fewer files at a time (-j)`,
			{cause: error},
		);
	if (status !== undefined && status >= 500)
		return new RemoteError('SERVER_UNAVAILABLE', `${host} failed at ${what} (${name}, ${status}): try it later`, {
			cause: error,
		});
	if (name === 'RequestTimeout')
		return new RemoteError('SERVER_SILENT', `${host} waited in vain for the request for ${what}: check the network`, {
			cause: error,
		});
	const connection = explainConnection(error, host);
	if (connection !== null) return connection;
	if (status === undefined || status < 400)
		return new RemoteError(
			'BAD_ANSWER',
			`${host} gave no answer of S3 for ${what}: ${firstLine(error)}. Check the endpoint (AWS_ENDPOINT_URL)`,
			{cause: error},
		);
	return new RemoteError('HTTP_STATUS', `${host} refused ${what} (${name}, ${status}): ${firstLine(error)}`, {
		cause: error,
	});
}

function refusalOf(error: Error): Refusal {
	const metadata = '$metadata' in error ? (error.$metadata as {readonly httpStatusCode?: number}) : undefined;
	// Of some refusals the library knows the code only, and calls them by a number.
	const code = 'Code' in error && typeof error.Code === 'string' ? error.Code : error.name;
	return {name: /^\d+$|^Error$|^UnknownError$/.test(code) ? '' : code, status: metadata?.httpStatusCode};
}

const isMissingCredentials = (error: Error): boolean =>
	/^(?:CredentialsProviderError|TokenProviderError)$/.test(error.name) ||
	/Could not load credentials/.test(error.message);

const firstLine = ({message}: Error): string => message.split('\n', 1)[0] ?? '';
