// Messages of logs are templates: `Accepted password for {user} from {client} port {port} ssh2`. Lines of the same template
// differ in names and digits only.
import {createWeightedTable} from '../../kind.ts';
import type {Random} from '../../random.ts';
import {skew} from '../../random.ts';
import type {RowBuffer} from '../../row-buffer.ts';
import {clients, userNames} from './people.ts';

type Write = (buffer: RowBuffer, random: Random) => void;

const NONE = new Uint8Array();
const HEX_DIGITS = new TextEncoder().encode('0123456789abcdef');

/** What stands for each placeholder. Small numbers and the first names occur far more often. */
const PLACEHOLDERS: Readonly<Record<string, Write>> = {
	user: (buffer, random) => buffer.writeBytes(userNames[skew(random.next()) >>> 10] ?? NONE),
	userId: (buffer, random) => buffer.writeInteger(1000 + (skew(random.next()) >>> 10)),
	client: (buffer, random) => buffer.writeBytes(clients[skew(random.next()) >>> 6] ?? NONE),
	port: (buffer, random) => buffer.writeInteger(32_768 + (random.next() >>> 17)),
	id: (buffer, random) => buffer.writeInteger(100_000 + (random.next() >>> 12)),
	pid: (buffer, random) => buffer.writeInteger(300 + (random.next() >>> 17)),
	count: (buffer, random) => buffer.writeInteger(1 + (skew(random.next()) >>> 8)),
	bytes: (buffer, random) => buffer.writeInteger(200 + skew(random.next()) * 4),
	digit: (buffer, random) => buffer.writeInteger(1 + (random.next() >>> 29)),
	microsecond: (buffer, random) => buffer.writeInteger(random.below(1_000_000), 6),
	hex: (buffer, random) => {
		const bits = random.next();
		for (let shift = 28; shift >= 0; shift -= 4) buffer.writeByte(HEX_DIGITS[(bits >>> shift) & 15] ?? 0);
	},
};

/** @returns A function that writes the text with its placeholders filled in. */
export function compileTemplate(template: string): Write {
	const encoder = new TextEncoder();
	// Texts are at even indexes, names of placeholders at odd ones.
	const parts = template.split(/\{(\w+)\}/);
	const texts = parts.filter((_, index) => index % 2 === 0).map(text => encoder.encode(text));
	const writers = parts
		.filter((_, index) => index % 2 === 1)
		.map(name => {
			const write = PLACEHOLDERS[name];
			if (write === undefined) throw new Error(`No placeholder is named ${name}`);
			return write;
		});
	return (buffer, random) => {
		for (let index = 0; index < writers.length; index++) {
			buffer.writeBytes(texts[index] ?? NONE);
			writers[index]?.(buffer, random);
		}
		buffer.writeBytes(texts[writers.length] ?? NONE);
	};
}

/** @returns A function that writes one of the texts, each in proportion to its weight. */
export function compileTemplates(templates: readonly (readonly [weight: number, template: string])[]): Write {
	const writers = templates.map(([, template]) => compileTemplate(template));
	const slots = createWeightedTable(
		templates.map(([weight]) => weight),
		1024,
	);
	return (buffer, random) => writers[slots[random.next() >>> 22] ?? 0]?.(buffer, random);
}
