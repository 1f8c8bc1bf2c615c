// `match` of a route: "any", or terms that must all hold.
import {findDialectFault, forceDialect} from '../../engine/plan/dialect-rules.ts';
import {encodingLabels, parseEncoding} from '../../input/encodings/encoding-labels.ts';
import {formatByteSize, parseByteSize} from '../../text/byte-size.ts';
import {findClosestMatch} from '../../text/closest-match.ts';
import {joinWords} from '../../text/join-words.ts';
import {describeFound, type ReportIssue} from '../../text/json-values.ts';
import type {JsonNode} from '../../text/parse-json.ts';
import {quoted} from '../../text/quoted.ts';
import type {JsonObject, Match} from '../pipeline.ts';
import {findLinePatternFault} from './line-pattern/parse-line-pattern.ts';
import {readMembers, readText, readTexts, within} from './read-json.ts';

/** Where a JSON object is expected, and what it may be like. */
const MATCH = {
	keys: ['name', 'size', 'folder', 'columns', 'dialect', 'firstBytes', 'contains', 'matches'],
	example: '{"name": "*.csv"}',
} as const;
const SIZE = {keys: ['min', 'max'], example: '{"min": 1, "max": "10MiB"}'} as const;
const DIALECT = {
	keys: ['delimiter', 'quote', 'encoding', 'header', 'compression'],
	example: '{"delimiter": ";"}',
} as const;

/** As reports call them. */
export const COMPRESSIONS = ['none', 'gzip', 'zstd', 'brotli', 'zip', 'tar', 'tar.gz', 'tar.zst', 'tar.br', 'parquet'];

/** More of a file than any format begins with. */
const MAX_FIRST_BYTES = 4096;

/** @returns `null` where something is wrong with it. */
export function parseMatch(node: JsonNode, path: string, report: ReportIssue): Match | 'any' | null {
	if (node.type === 'text' && node.value === 'any') return 'any';
	if (node.type !== 'object') {
		report(node, path, `takes "any" or an object like ${MATCH.example}, but got ${describeFound(node)}.`);
		return null;
	}
	let isRight = true;
	const told: ReportIssue = (...args) => {
		isRight = false;
		report(...args);
	};
	const members = readMembers(node, path, MATCH, told);
	if (node.members.length === 0) told(node, path, 'has no terms. For every file, write "match": "any".');
	const terms: Partial<Record<keyof Match, unknown>> = {};
	for (const [key, {value}] of members ?? []) terms[key] = readTerm[key](value, within(path, key), told) ?? undefined;
	return isRight ? (terms as Match) : null;
}

type ReadTerm<Key extends keyof Match> = (node: JsonNode, path: string, report: ReportIssue) => Match[Key] | null;

const readTerm: {readonly [Key in keyof Required<Match>]: ReadTerm<Key>} = {
	name: (node, path, report) =>
		readTexts(
			node,
			path,
			{
				what: 'a pattern of names like *.csv',
				findFault: text =>
					text.includes('/') ? `is about names without folders, but got ${quoted(text)}.` : undefined,
			},
			report,
		),
	folder: (node, path, report) =>
		readTexts(node, path, {what: 'a pattern of folders like 2026/*', mayBeEmpty: true, findFault: folderFault}, report),
	columns: (node, path, report) =>
		readTexts(
			node,
			path,
			{
				what: 'the name of a column',
				findFault: text => (text.trim() === '' ? 'takes names that can be seen.' : undefined),
			},
			report,
		),
	size: readSize,
	dialect: readDialect,
	firstBytes: readFirstBytes,
	contains: (node, path, report) => readText(node, path, 'a text that files contain', report)?.text ?? null,
	matches(node, path, report) {
		const pattern = readText(node, path, 'a regular expression', report)?.text;
		const fault = pattern === undefined ? null : findLinePatternFault(pattern);
		if (fault !== null) report(node, path, `cannot be used: ${fault}.`);
		return fault === null ? (pattern ?? null) : null;
	},
};

function folderFault(text: string): string | undefined {
	if (text.startsWith('/')) return `is about folders below the watched one, but got ${quoted(text)}.`;
	return text.split('/').includes('..') ? `takes no .., but got ${quoted(text)}.` : undefined;
}

function readSize(node: JsonNode, path: string, report: ReportIssue): NonNullable<Match['size']> | null {
	const members = readMembers(node, path, SIZE, report);
	if (members === null) return null;
	if (members.size === 0 && node.type === 'object' && node.members.length === 0)
		report(node, path, 'has neither min nor max.');
	const bytesOf = (key: 'min' | 'max'): number | undefined => {
		const value = members.get(key)?.value;
		return value === undefined ? undefined : (readBytes(value, within(path, key), report) ?? undefined);
	};
	const [min, max] = [bytesOf('min'), bytesOf('max')];
	if (min !== undefined && max !== undefined && min > max)
		report(node, path, `fits no file: min is ${formatByteSize(min)}, max only ${formatByteSize(max)}.`);
	return {...(min !== undefined && {min}), ...(max !== undefined && {max})};
}

function readBytes(node: JsonNode, path: string, report: ReportIssue): number | null {
	const bytes = node.type === 'number' ? node.value : node.type === 'text' ? parseByteSize(node.value) : undefined;
	if (bytes !== undefined && Number.isSafeInteger(bytes) && bytes >= 0) return bytes;
	report(node, path, `takes whole bytes, like 500000 or "10MiB", but got ${describeFound(node)}.`);
	return null;
}

/** Each value in the form that reports of files have it in. */
function readDialect(node: JsonNode, path: string, report: ReportIssue): JsonObject | null {
	const members = readMembers(node, path, DIALECT, report);
	if (members === null) return null;
	if (node.type === 'object' && node.members.length === 0) report(node, path, 'says nothing of how files are written.');
	const entries = Array.from(
		members,
		([key, {value}]) => [key, readPart(key, value, within(path, key), report)] as const,
	);
	return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as JsonObject;
}

type DialectKey = (typeof DIALECT.keys)[number];

function readPart(
	key: DialectKey,
	node: JsonNode,
	path: string,
	report: ReportIssue,
): string | boolean | null | undefined {
	if (key === 'header') {
		if (node.type === 'boolean') return node.value;
		report(node, path, `takes true or false, but got ${describeFound(node)}.`);
		return undefined;
	}
	if (key === 'compression' && node.type === 'null') return null;
	if (node.type !== 'text') {
		report(node, path, `takes a text, but got ${describeFound(node)}.`);
		return undefined;
	}
	const {value} = node;
	if (key === 'encoding') {
		const encoding = parseEncoding(value);
		if (encoding !== null) return encoding;
		report(node, path, `is of no encoding: ${quoted(value)}.${didYouMean(value.toLowerCase(), encodingLabels)}`);
		return undefined;
	}
	if (key === 'compression') {
		if (COMPRESSIONS.includes(value)) return value === 'none' ? null : value;
		const hint = didYouMean(value, COMPRESSIONS);
		report(node, path, `takes ${joinWords(COMPRESSIONS, 'or')}, but got ${quoted(value)}.${hint}`);
		return undefined;
	}
	const fault = findDialectFault(key, value);
	if (fault === undefined) return forceDialect({[key]: value}).dialect[key];
	report(node, path, `makes no sense: ${fault}, but got ${describeFound(node)}.`);
	return undefined;
}

function didYouMean(word: string, words: readonly string[]): string {
	const closest = findClosestMatch(word, words);
	return closest === undefined ? '' : ` Did you mean ${closest}?`;
}

/** `hex:25 50 44 46` and `base64:JVBERg==` are bytes, any other text is itself in UTF-8. */
function readFirstBytes(node: JsonNode, path: string, report: ReportIssue): Uint8Array | null {
	const text = readText(node, path, 'a text, or bytes like "hex:25 50 44 46" or "base64:JVBERg=="', report)?.text;
	if (text === undefined) return null;
	const bytes = bytesOf(text);
	if (bytes === null || bytes.length === 0)
		report(node, path, `takes whole bytes behind ${text.slice(0, text.indexOf(':') + 1)}, but got ${quoted(text)}.`);
	else if (bytes.length > MAX_FIRST_BYTES)
		report(node, path, `takes up to ${MAX_FIRST_BYTES} bytes, but got ${bytes.length}.`);
	return bytes;
}

function bytesOf(text: string): Uint8Array | null {
	if (text.startsWith('hex:')) {
		const digits = text.slice(4).replaceAll(' ', '');
		return /^([\da-f]{2})*$/i.test(digits) ? Buffer.from(digits, 'hex') : null;
	}
	if (!text.startsWith('base64:')) return Buffer.from(text);
	const written = text.slice(7);
	const bytes = Buffer.from(written, 'base64');
	return bytes.toString('base64').replace(/=+$/, '') === written.replace(/=+$/, '') ? bytes : null;
}
