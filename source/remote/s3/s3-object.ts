// An object of a store that speaks S3, in ranges.
import type {Readable} from 'node:stream';
import {GetObjectCommand} from '@aws-sdk/client-s3';
import {changedMeanwhile} from '../changed-meanwhile.ts';
import type {RangeAnswer, RangeRequest, RemoteObject} from '../range-answer.ts';
import {explainBroken} from '../remote-error.ts';
import {nameOfRemote, type S3Location} from '../remote-location.ts';
import {hostOfStore, s3Client} from './s3-client.ts';
import {explainS3} from './s3-errors.ts';

export async function s3Object(location: S3Location): Promise<RemoteObject> {
	const {bucket: Bucket, key: Key} = location;
	const [client, host] = await Promise.all([s3Client(), hostOfStore()]);
	const name = nameOfRemote(location);
	const request = async ({start, end, version, signal}: RangeRequest): Promise<RangeAnswer> => {
		try {
			const answer = await client.send(
				new GetObjectCommand({
					...{Bucket, Key},
					// Of an empty object there is no range.
					...(end > start && {Range: `bytes=${start}-${end - 1}`}),
					...(version !== null && {IfMatch: version}),
				}),
				{abortSignal: signal},
			);
			const {ContentRange = '', ContentLength = null, ETag = null} = answer;
			const match = /^bytes (\d+)-\d+\/(\d+)$/.exec(ContentRange);
			return {
				body: answer.Body as Readable,
				start: match === null ? 0 : Number(match[1]),
				size: match === null ? ContentLength : Number(match[2]),
				version: ETag,
				isRange: true,
			};
		} catch (error) {
			const isBehindEnd = error instanceof Error && error.name === 'InvalidRange';
			if (isBehindEnd && start === 0) return request({start: 0, end: 0, version, signal});
			if (isBehindEnd) throw changedMeanwhile({size: null, version}, null);
			throw explainS3(error, name, 'read', host);
		}
	};
	return {name, request, explain: error => explainBroken(error, host)};
}
