// Values as bytes, for other machines: JSON, and behind it the bytes that JSON has no words for.
//
//   [ length of the text: 4 bytes, little-endian │ JSON │ bytes, one piece behind the other ]
//
// Where JSON cannot say what a value is, an object with the only key `MARK` says it. V8's own format would be shorter to write, but
// another version of Node may not read it.
const MARK = '\0is';
const LENGTH_BYTES = 4;

type Marked =
	| {readonly kind: 'bytes' | 'int32' | 'float64'; readonly at: number; readonly length: number}
	| {readonly kind: 'map' | 'object'; readonly entries: readonly (readonly [unknown, unknown])[]}
	| {readonly kind: 'pattern'; readonly source: string; readonly flags: string}
	| {readonly kind: 'bigint' | 'number'; readonly text: string};

export function encodeValue(value: unknown): Uint8Array<ArrayBuffer> {
	const pieces: Uint8Array[] = [];
	let pieceBytes = 0;
	const mark = (marked: Marked): object => ({[MARK]: marked});
	const keep = (kind: 'bytes' | 'int32' | 'float64', {buffer, byteOffset, byteLength}: ArrayBufferView): object => {
		pieces.push(new Uint8Array(buffer, byteOffset, byteLength));
		const at = pieceBytes;
		pieceBytes += byteLength;
		return mark({kind, at, length: byteLength});
	};
	const toJson = (each: unknown): unknown => {
		if (each instanceof Uint8Array) return keep('bytes', each);
		if (each instanceof Int32Array) return keep('int32', each);
		if (each instanceof Float64Array) return keep('float64', each);
		if (each instanceof Map)
			return mark({kind: 'map', entries: Array.from(each, ([key, item]) => [toJson(key), toJson(item)])});
		if (each instanceof RegExp) return mark({kind: 'pattern', source: each.source, flags: each.flags});
		if (typeof each === 'bigint') return mark({kind: 'bigint', text: String(each)});
		if (typeof each === 'number' && (!Number.isFinite(each) || Object.is(each, -0)))
			return mark({kind: 'number', text: Object.is(each, -0) ? '-0' : String(each)});
		if (Array.isArray(each)) return each.map(toJson);
		if (typeof each !== 'object' || each === null) return each;
		const entries = Object.entries(each).filter(([, item]) => item !== undefined);
		// Names of data may be anything: these would be taken for marks, or change what an object is.
		if (entries.some(([key]) => key === MARK || key === '__proto__'))
			return mark({kind: 'object', entries: entries.map(([key, item]) => [key, toJson(item)])});
		return Object.fromEntries(entries.map(([key, item]) => [key, toJson(item)]));
	};
	const json = Buffer.from(JSON.stringify(toJson(value)) ?? 'null');
	const all = new Uint8Array(LENGTH_BYTES + json.length + pieceBytes);
	new DataView(all.buffer).setUint32(0, json.length, true);
	all.set(json, LENGTH_BYTES);
	let end = LENGTH_BYTES + json.length;
	for (const piece of pieces) {
		all.set(piece, end);
		end += piece.length;
	}
	return all;
}

/**
What `encodeValue` was given. Who reads it checks what it is.

@throws {Error} When no encoder writes such bytes.
*/
export function decodeValue(bytes: Uint8Array): unknown {
	if (bytes.length < LENGTH_BYTES) throw new Error(`Expected a length of 4 bytes, but there are ${bytes.length}`);
	const jsonEnd = LENGTH_BYTES + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
	if (jsonEnd > bytes.length) throw new Error(`Expected ${jsonEnd} bytes, but there are ${bytes.length}`);
	// A copy for each: typed arrays must be aligned, and what is kept must not keep all the rest.
	const pieceOf = ({at, length}: {readonly at: number; readonly length: number}): Uint8Array<ArrayBuffer> => {
		const piece = new Uint8Array(bytes.subarray(jsonEnd + at, jsonEnd + at + length));
		if (piece.length !== length) throw new Error(`Expected ${length} bytes at ${at}, but there are ${piece.length}`);
		return piece;
	};
	const fromJson = (each: unknown): unknown => {
		if (Array.isArray(each)) return each.map(fromJson);
		if (typeof each !== 'object' || each === null) return each;
		const marked = (each as {readonly [MARK]?: Marked})[MARK];
		if (marked === undefined)
			return Object.fromEntries(Object.entries(each).map(([key, item]) => [key, fromJson(item)]));
		switch (marked.kind) {
			case 'bytes':
				return pieceOf(marked);
			case 'int32':
				return new Int32Array(pieceOf(marked).buffer);
			case 'float64':
				return new Float64Array(pieceOf(marked).buffer);
			case 'map':
				return new Map(marked.entries.map(([key, item]) => [fromJson(key), fromJson(item)]));
			case 'object':
				return Object.fromEntries(marked.entries.map(([key, item]) => [key, fromJson(item)]));
			case 'pattern':
				return new RegExp(marked.source, marked.flags);
			case 'bigint':
				return BigInt(marked.text);
			case 'number':
				return Number(marked.text);
		}
	};
	return fromJson(JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, jsonEnd).toString('utf8', LENGTH_BYTES)));
}
