// In which coding answers are sent: packed, where the client takes that (RFC 9110, 12.5.3). Each is a representation of its own: its tag, its
// digest and its length are those of the packed bytes.
import {promisify} from 'node:util';
import {gzip, zstdCompress} from 'node:zlib';

export type ContentCoding = 'zstd' | 'gzip';

/** Of two that a client takes as gladly, the first. Brotli packs text better, and takes ten times as long for that. */
const CODINGS: readonly ContentCoding[] = ['zstd', 'gzip'];

/** Less is in one packet either way. */
export const LEAST_BYTES = 1400;

const ITEM = /^\s*([!#$%&'*+.^_`|~\w-]+)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$/i;

/** @returns `null`: as it is. That is never refused, also where the client would rather have nothing. */
export function chooseCoding(header: string | undefined): ContentCoding | null {
	if (header === undefined) return null;
	const weights = new Map<string, number>();
	for (const item of header.split(',')) {
		const [, name, weight = '1'] = ITEM.exec(item) ?? [];
		if (name !== undefined) weights.set(name.toLowerCase(), Number(weight));
	}
	const weightOf = (coding: string): number | undefined => weights.get(coding) ?? weights.get('*');
	let best: {readonly coding: ContentCoding; readonly weight: number} | null = null;
	for (const coding of CODINGS) {
		const weight = weightOf(coding) ?? 0;
		if (weight > (best?.weight ?? 0)) best = {coding, weight};
	}
	return best !== null && best.weight >= (weights.get('identity') ?? 0) ? best.coding : null;
}

const packers = {gzip: promisify(gzip), zstd: promisify(zstdCompress)} as const;

/** On another thread. */
export const pack = (coding: ContentCoding, bytes: Uint8Array): Promise<Buffer> => packers[coding](bytes);
