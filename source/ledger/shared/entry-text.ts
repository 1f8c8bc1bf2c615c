// How the changes of an entry are written to a shared log: JSON with what JSON has no word for, packed.
import type {SQLInputValue} from 'node:sqlite';
import {zstdCompressSync, zstdDecompressSync} from 'node:zlib';
import type {NamedChange} from '../named-writer.ts';

/** Bytes in base64, or a number that is larger than those of JavaScript. */
type Written = string | number | null | {readonly bytes: string} | {readonly integer: string};

export const encodeChanges = (changes: readonly NamedChange[]): Buffer =>
	zstdCompressSync(
		JSON.stringify(
			changes.map(({statement, values, rows}) => [statement, values.map(write), ...(rows === undefined ? [] : [rows])]),
		),
	);

export const decodeChanges = (packed: Uint8Array): readonly NamedChange[] =>
	(
		JSON.parse(zstdDecompressSync(packed).toString()) as readonly [
			statement: string,
			values: readonly Written[],
			rows?: number,
		][]
	).map(([statement, values, rows]) => ({statement, values: values.map(read), ...(rows !== undefined && {rows})}));

function write(value: SQLInputValue): Written {
	if (typeof value === 'bigint') return {integer: String(value)};
	if (value === null || typeof value === 'string' || typeof value === 'number') return value;
	const {buffer, byteOffset, byteLength} = value;
	return {bytes: Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString('base64')};
}

function read(value: Written): SQLInputValue {
	if (value === null || typeof value !== 'object') return value;
	return 'bytes' in value ? Buffer.from(value.bytes, 'base64') : BigInt(value.integer);
}
