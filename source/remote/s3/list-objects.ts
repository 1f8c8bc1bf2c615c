// What is in a bucket, page by page.
import {HeadObjectCommand, ListObjectsV2Command} from '@aws-sdk/client-s3';
import {RemoteError} from '../remote-error.ts';
import {type RetryRules, withRetries} from '../with-retries.ts';
import {hostOfStore, s3Client} from './s3-client.ts';
import {explainS3} from './s3-errors.ts';

export interface ListedObject {
	readonly key: string;
	readonly size: number;
	readonly version: string | null;
}

const {signal} = new AbortController();

/** Lists what begins with a prefix, in the order of the bytes of the keys. @throws {RemoteError} */
export async function* listObjects(
	bucket: string,
	prefix: string,
	retries?: RetryRules,
): AsyncGenerator<readonly ListedObject[], void> {
	const [client, host] = await Promise.all([s3Client(), hostOfStore()]);
	let token: string | undefined;
	do {
		const command = new ListObjectsV2Command({
			Bucket: bucket,
			Prefix: prefix,
			...(token !== undefined && {ContinuationToken: token}),
		});
		const ask = async () => {
			try {
				return await client.send(command);
			} catch (error) {
				throw explainS3(error, `s3://${bucket}/${prefix}`, 'list', host);
			}
		};
		const page = await withRetries(ask, signal, retries);
		yield (page.Contents ?? []).map(({Key = '', Size = 0, ETag = null}) => ({key: Key, size: Size, version: ETag}));
		token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
		if (page.IsTruncated === true && token === undefined)
			throw new RemoteError(
				'BAD_ANSWER',
				`${host} says that there is more in s3://${bucket}/${prefix}, and not how to ask for it`,
			);
	} while (token !== undefined);
}

/** One object by its key; `null` where there is none. @throws {RemoteError} */
export async function findObject(bucket: string, key: string, retries?: RetryRules): Promise<ListedObject | null> {
	const [client, host] = await Promise.all([s3Client(), hostOfStore()]);
	const ask = async (): Promise<ListedObject | null> => {
		try {
			const {ContentLength = 0, ETag = null} = await client.send(new HeadObjectCommand({Bucket: bucket, Key: key}));
			return {key, size: ContentLength, version: ETag};
		} catch (error) {
			const explained = explainS3(error, `s3://${bucket}/${key}`, 'read', host);
			if (explained instanceof RemoteError && explained.code === 'NO_SUCH_OBJECT') return null;
			throw explained;
		}
	};
	return withRetries(ask, signal, retries);
}
