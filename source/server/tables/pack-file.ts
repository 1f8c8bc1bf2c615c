import {createReadStream} from 'node:fs';
import {open} from 'node:fs/promises';
import {pipeline} from 'node:stream/promises';
import {createGzip, createZstdCompress} from 'node:zlib';
import {replaceFile} from '../../report/write-report.ts';
import type {ContentCoding} from '../content-coding.ts';

const packers = {gzip: createGzip, zstd: createZstdCompress} as const;

/** The packed file exists whole or not at all. @throws {Error} Of the system. */
export async function packFile({
	coding,
	source,
	target,
}: {
	readonly coding: ContentCoding;
	readonly source: string;
	readonly target: string;
}): Promise<void> {
	await replaceFile(
		target,
		0o600,
		file => pipeline(createReadStream(source), packers[coding](), packed => file.writeFile(packed)),
		open,
	);
}
