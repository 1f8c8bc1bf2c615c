// A store that speaks S3, in this process. It takes 11 MiB in a request, so larger objects come in parts.
import {randomUUID} from 'node:crypto';
import {
	CompleteMultipartUploadCommand,
	CreateMultipartUploadCommand,
	GetObjectCommand,
	ListMultipartUploadsCommand,
	ListObjectsV2Command,
	PutObjectCommand,
	S3Client,
	UploadPartCommand,
} from '@aws-sdk/client-s3';
import {startFauxqs} from 'fauxqs';

const PART_BYTES = 8 * 1024 * 1024;

export interface ObjectStore {
	readonly endpoint: string;
	readonly bucket: string;
	/** Makes another bucket. */
	readonly addBucket: () => string;
	readonly put: (key: string, data: string | Uint8Array) => Promise<void>;
	readonly get: (key: string) => Promise<string>;
	readonly keys: () => Promise<string[]>;
	readonly unfinishedUploads: () => Promise<number>;
	readonly stop: () => Promise<void>;
}

/** Starts one, and lets this process and its threads use it, as the environment of the tools of AWS says. */
export async function startObjectStore(): Promise<ObjectStore> {
	const server = await startFauxqs({port: 0, logger: false});
	const endpoint = `http://127.0.0.1:${server.port}`;
	Object.assign(process.env, {
		AWS_ENDPOINT_URL_S3: endpoint,
		AWS_ACCESS_KEY_ID: 'a-key',
		AWS_SECRET_ACCESS_KEY: 'a-secret-key',
		AWS_REGION: 'eu-central-1',
	});
	const client = new S3Client({forcePathStyle: true});
	const addBucket = (): string => server.createBucket(`bucket-${randomUUID()}`).bucketName;
	const bucket = addBucket();
	const put = async (key: string, data: string | Uint8Array): Promise<void> => {
		const bytes = Buffer.from(data);
		const at = {Bucket: bucket, Key: key};
		if (bytes.length <= PART_BYTES) return void (await client.send(new PutObjectCommand({...at, Body: bytes})));
		const {UploadId} = await client.send(new CreateMultipartUploadCommand(at));
		const Parts: Array<{ETag: string | undefined; PartNumber: number}> = [];
		for (let start = 0; start < bytes.length; start += PART_BYTES) {
			const part = {...at, UploadId, PartNumber: Parts.length + 1, Body: bytes.subarray(start, start + PART_BYTES)};
			const {ETag} = await client.send(new UploadPartCommand(part));
			Parts.push({ETag, PartNumber: part.PartNumber});
		}
		await client.send(new CompleteMultipartUploadCommand({...at, UploadId, MultipartUpload: {Parts}}));
	};
	return {
		...{endpoint, bucket, addBucket, put},
		async get(key) {
			const {Body} = await client.send(new GetObjectCommand({Bucket: bucket, Key: key}));
			return (await Body?.transformToString()) ?? '';
		},
		async keys() {
			const {Contents = []} = await client.send(new ListObjectsV2Command({Bucket: bucket}));
			return Contents.map(({Key = ''}) => Key);
		},
		async unfinishedUploads() {
			const {Uploads = []} = await client.send(new ListMultipartUploadsCommand({Bucket: bucket}));
			return Uploads.length;
		},
		async stop() {
			client.destroy();
			await server.stop();
		},
	};
}
