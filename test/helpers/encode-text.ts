// Text in encodings that Node can only decode: by trying what each byte, or pair of bytes, stands for.
import type {EncodingLabel} from '../../source/input/encodings/encoding-labels.ts';

const tables = new Map<EncodingLabel, ReadonlyMap<string, Buffer>>();

/** @throws {Error} At a character that the encoding does not have. */
export function encodeText(text: string, label: EncodingLabel): Buffer {
	if (label === 'utf-8') return Buffer.from(text);
	const table = tables.get(label) ?? tableOf(label);
	tables.set(label, table);
	return Buffer.concat(
		Array.from(text, character => {
			const bytes = table.get(character);
			if (bytes === undefined) throw new Error(`${label} does not have ${character}`);
			return bytes;
		}),
	);
}

function tableOf(label: EncodingLabel): ReadonlyMap<string, Buffer> {
	const table = new Map<string, Buffer>();
	const decoder = new TextDecoder(label, {fatal: true});
	const add = (...bytes: readonly number[]): void => {
		try {
			const character = decoder.decode(Uint8Array.from(bytes));
			if (Array.from(character).length === 1 && !table.has(character)) table.set(character, Buffer.from(bytes));
		} catch {
			// It stands for nothing.
		}
	};
	for (let byte = 0; byte < 0x80; byte++) table.set(String.fromCharCode(byte), Buffer.from([byte]));
	for (let byte = 0x80; byte < 0x100; byte++) add(byte);
	if (label.startsWith('windows') || label.startsWith('iso') || label.startsWith('koi')) return table;
	for (let first = 0x81; first < 0xff; first++) for (let second = 0x30; second < 0xff; second++) add(first, second);
	return table;
}
