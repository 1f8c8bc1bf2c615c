// Which columns of each file are written: those of the first file, or those that were asked for, found by their names. Headings that --map
// names are written by that name.
import type {ColumnMap} from '../../analysis/column-map.ts';
import type {ChosenColumns} from '../../engine/shared/table-protocol.ts';
import {differentNames} from '../../input/join-names.ts';
import type {ErrorReport} from '../../model/report.ts';
import {quoted} from '../../text/quoted.ts';

/** The columns of a file are not those that the output has. */
export class HeadingMismatch extends Error {
	override readonly name = 'HeadingMismatch';
	readonly report: ErrorReport;
	readonly isOfTwoFiles: boolean;

	/** @param code - Of a fault of one file; without it, two files do not fit together. */
	constructor(message: string, code?: string) {
		super(message);
		this.isOfTwoFiles = code === undefined;
		this.report = {code: code ?? 'OTHER_COLUMNS', message, line: null, byte_offset: null};
	}
}

export class ColumnChoice {
	readonly #wanted: readonly string[] | null;
	readonly #map: ColumnMap;
	#names: readonly string[] | null = null;
	#giver: string | null = null;
	#areOfFile = true;

	/** @param wanted - `null` for all columns of the first file. */
	constructor(wanted: readonly string[] | null, map: ColumnMap = {}) {
		this.#wanted = wanted;
		this.#map = map;
	}

	/** Of the output; there when the columns of a file have been chosen. */
	get names(): readonly string[] {
		return this.#names ?? [];
	}

	/** The file that was first; `null` while there is none. */
	get giver(): string | null {
		return this.#giver;
	}

	/** Whether the names stand in the file that was first; else they are made up. */
	get areOfFile(): boolean {
		return this.#areOfFile;
	}

	/** @throws {HeadingMismatch} */
	choose(written: readonly string[], file: string, areOfFile: boolean): ChosenColumns {
		const header = this.#rename(written, file);
		const first = this.#names === null;
		const names = this.#names ?? this.#wanted ?? header;
		if (this.#wanted === null && !first) this.#assertSame(header, names, file);
		const isAsItStands = names.length === header.length && names.every((name, index) => name === header[index]);
		const places = isAsItStands ? null : names.map(name => this.#placeOf(name, header, file));
		if (this.#giver === null) this.#areOfFile = areOfFile || header !== written;
		this.#giver ??= file;
		this.#names = names;
		return {names, places};
	}

	#rename(written: readonly string[], file: string): readonly string[] {
		const renamed = Object.entries(this.#map);
		if (renamed.length === 0) return written;
		const header = [...written];
		for (const [name, heading] of renamed) header[this.#placeOf(heading, written, file)] = name;
		for (const [name] of renamed) this.#placeOf(name, header, file);
		return header;
	}

	#placeOf(name: string, header: readonly string[], file: string): number {
		const given = differentNames(header).indexOf(name);
		// One that was made for a column without a name of its own.
		if (given !== -1 && header[given] !== name) return given;
		const place = header.indexOf(name);
		if (place === -1)
			throw new HeadingMismatch(
				`Expected the column ${quoted(name)} in ${quoted(file)}; its header has ${listNames(header)}`,
				'MISSING_COLUMN',
			);
		if (header.indexOf(name, place + 1) !== -1)
			throw new HeadingMismatch(
				`Expected one column ${quoted(name)} in ${quoted(file)}, found several: ${listNames(differentNames(header))} tells them apart`,
				'DUPLICATE_COLUMN',
			);
		return place;
	}

	/** The same names, in any order. */
	#assertSame(header: readonly string[], names: readonly string[], file: string): void {
		const missing = names.filter(name => !header.includes(name));
		const others = header.filter(name => !names.includes(name));
		if (missing.length === 0 && others.length === 0 && header.length === names.length) return;
		const differences = [
			...(missing.length > 0 ? [`${listNames(missing)} ${missing.length === 1 ? 'is' : 'are'} only in the first`] : []),
			...(others.length > 0 ? [`${listNames(others)} only in the second`] : []),
			...(missing.length + others.length === 0 ? ['one has a name more often'] : []),
		];
		throw new HeadingMismatch(
			`Files in one output must have the same columns, but ${quoted(this.#giver ?? '')} and ${quoted(file)} have not: ${differences.join(', ')}. Name those that all have with --columns, or write one file each: -o out/`,
		);
	}
}

const NAMES_SHOWN = 8;

function listNames(names: readonly string[]): string {
	const more = names.length - NAMES_SHOWN;
	return names.slice(0, NAMES_SHOWN).map(quoted).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
