// What `process` has returned -> what the step came to. It may be anything, so all of it is looked at.
import {isMap, isSet} from 'node:util/types';
import type {ProcessorData, ProcessorResult} from '../../../engine/shared/define-processor.ts';
import {jsonOf, shown} from '../../../engine/shared/define-processor.ts';
import {formatByteSize} from '../../../text/byte-size.ts';
import {type JsonObject, StepError} from '../../pipeline.ts';

/** A result with this much is a file of its own. */
const MAX_METADATA_BYTES = 256 * 1024;
/** It is written with each file. */
const MAX_STATE_BYTES = 16 * 1024 * 1024;

const NO_JSON = 'JSON.stringify refuses it: it holds itself, or a BigInt';

export interface CheckedResult {
	readonly data: ProcessorData | null;
	readonly ending: string | null;
	readonly metadata: JsonObject;
	/** `tag` or `nextTag` of what was returned, see `StepOutcome`. */
	readonly said: string | null;
	/** JSON; `null`: as before. */
	readonly state: Buffer<ArrayBuffer> | null;
}

const KEYS: readonly string[] = ['data', 'output', 'ending', 'metadata', 'tag', 'nextTag', 'state'];

const failed = (message: string): StepError => new StepError('PROCESSOR_FAILED', message);

const nothing: CheckedResult = {data: null, ending: null, metadata: {}, said: null, state: null};

/** @throws {StepError} */
export function checkResult(returned: unknown, isStateful: boolean): CheckedResult {
	if (returned === undefined || returned === null) return nothing;
	if (typeof returned !== 'object' || Array.isArray(returned))
		throw failed(
			`Expected process() to return {data, metadata, tag}, any of them, or nothing, but it returned ${shown(returned)}`,
		);
	const unknown = Object.keys(returned).find(key => !KEYS.includes(key));
	if (unknown !== undefined)
		throw failed(
			`Expected process() to return ${KEYS.join(', ')}, any of them, but it returned ${shown(unknown)}, too`,
		);
	const result = returned as ProcessorResult<unknown>;
	const given = oneOf(result, 'data', 'output');
	return {
		data: given === null ? null : checkData(given),
		ending: checkEnding(result.ending),
		metadata: checkMetadata(result.metadata),
		said: checkTag(oneOf(result, 'tag', 'nextTag')),
		state: checkState(result, isStateful),
	};
}

/** Two names of the same thing. */
function oneOf(result: ProcessorResult<unknown>, name: 'data' | 'tag', other: 'output' | 'nextTag'): unknown {
	const [one, two] = [result[name] ?? null, result[other] ?? null];
	if (one !== null && two !== null && one !== two)
		throw failed(`Expected ${name} or ${other}, which mean the same, but process() returned both`);
	return one ?? two;
}

function checkData(data: unknown): ProcessorData {
	if (typeof data === 'string' || data instanceof Uint8Array) return data;
	const hasPieces =
		typeof data === 'object' && data !== null && (Symbol.asyncIterator in data || Symbol.iterator in data);
	if (hasPieces && !isMap(data) && !isSet(data)) return data as ProcessorData;
	throw failed(
		`Expected data to be text, bytes, or an iterable of these, but it is ${shown(data)}. JSON.stringify makes text of it`,
	);
}

/** @throws {StepError} When it is neither. */
export function checkPiece(piece: unknown): string | Uint8Array {
	if (typeof piece === 'string' || piece instanceof Uint8Array) return piece;
	throw failed(`Expected pieces of data to be text or bytes, but one is ${shown(piece)}`);
}

function checkEnding(ending: unknown): string | null {
	if (ending === undefined || ending === null) return null;
	if (typeof ending === 'string' && /^[A-Za-z0-9]{1,16}$/.test(ending)) return ending;
	throw failed(`Expected ending to be up to 16 letters and digits, as in "json", but it is ${shown(ending)}`);
}

function checkTag(tag: unknown): string | null {
	if (tag === null || typeof tag === 'string') return tag;
	throw failed(`Expected the tag to be a text, but it is ${shown(tag)}`);
}

function checkMetadata(metadata: unknown): JsonObject {
	if (metadata === undefined || metadata === null) return {};
	const text = typeof metadata === 'object' && !Array.isArray(metadata) ? jsonOf(metadata) : undefined;
	if (text?.startsWith('{') !== true) {
		const found = typeof metadata === 'object' && text === undefined ? NO_JSON : `it is ${shown(metadata)}`;
		throw failed(`Expected metadata to be an object of what JSON can say, but ${found}`);
	}
	if (Buffer.byteLength(text) > MAX_METADATA_BYTES)
		throw failed(
			`Expected at most ${formatByteSize(MAX_METADATA_BYTES)} of metadata; there are ${Buffer.byteLength(text)} bytes. Return it as data instead`,
		);
	return JSON.parse(text) as JsonObject;
}

function checkState(result: ProcessorResult<unknown>, isStateful: boolean): Buffer<ArrayBuffer> | null {
	const {state} = result;
	if (state === undefined) return null;
	if (!isStateful)
		throw failed(
			'Expected no state, because the processor declares none: defineProcessor({…, state: {}}) gives the first',
		);
	const text = jsonOf(state);
	if (text === undefined) {
		const found = typeof state === 'object' ? NO_JSON : `it is ${shown(state)}`;
		throw failed(`Expected state to be what JSON can say, but ${found}`);
	}
	const bytes = Buffer.from(text);
	if (bytes.length > MAX_STATE_BYTES)
		throw failed(
			`Expected at most ${formatByteSize(MAX_STATE_BYTES)} of state; there are ${bytes.length} bytes. Keep sums instead of files`,
		);
	// A small buffer is a part of a larger one, which cannot be handed over.
	const own = Buffer.from(new ArrayBuffer(bytes.length));
	own.set(bytes);
	return own;
}
