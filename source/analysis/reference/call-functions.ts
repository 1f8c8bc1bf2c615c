// The functions of an own analysis, run on one record after the other.
import type {AnyRecord} from '../declaration.ts';
import {FunctionError} from '../functions/function-error.ts';
import {takeDay, takeNumber, takeReason, takeText, takeWhether} from '../functions/returned.ts';
import type {ComputedProgram, FunctionsProgram, Lane} from '../program.ts';
import {decodeBytes, encodingOf} from '../text-encoding.ts';
import type {CellFault, LaneValue} from './read-lanes.ts';

export class RecordFunctions {
	readonly #analysis: string;
	readonly #program: FunctionsProgram;
	readonly #record: AnyRecord;
	/** Of the record that the functions are called for. */
	#values: readonly LaneValue[] = [];

	constructor(analysis: string, program: FunctionsProgram, lanes: readonly Lane[]) {
		this.#analysis = analysis;
		this.#program = program;
		const record = {};
		for (const {name, lane} of program.inputs) {
			const isText = lanes[lane]?.kind === 'text';
			const get = (): AnyRecord[string] => toInput(this.#values[lane], isText);
			Object.defineProperty(record, name, {get, enumerable: true});
		}
		this.#record = Object.freeze(record);
	}

	/**
	Whether a record counts for the analysis.

	@param values - Of any record; what it does not have, or has as something else, is `null` for the function.
	@throws {FunctionError}
	*/
	fits(values: readonly LaneValue[]): boolean {
		const {where} = this.#program;
		this.#values = values;
		return where === undefined || this.#callOne('where', () => takeWhether(where(this.#record)));
	}

	/**
	Fills in what is computed of a record.

	@returns Why the record is not accepted, or `null`.
	@throws {FunctionError}
	*/
	call(values: LaneValue[]): CellFault | null {
		const {accept, computed} = this.#program;
		this.#values = values;
		if (accept !== undefined) {
			const value = this.#callOne('accept', () => takeReason(accept(this.#record)));
			if (value !== null) return {column: null, reason: 'not-accepted', value};
		}
		for (const each of computed)
			values[each.lane] = this.#callOne(each.path, () => toLaneValue(each, each.js(this.#record as never)));
		return null;
	}

	#callOne<Value>(path: string, call: () => Value): Value {
		try {
			return call();
		} catch (error) {
			throw new FunctionError(this.#analysis, path, error);
		}
	}
}

/** What functions are given for a column. */
function toInput(value: LaneValue | undefined, isText: boolean): AnyRecord[string] {
	if (value?.kind === 'number') return toNearest(value.number);
	if (value?.kind !== 'text') return null;
	return isText ? decodeBytes(value.text, encodingOf([value.text])) : value.text;
}

/** Decimals of 15 digits are divided exactly, but for the one rounding that any way to read them has. Not -0. */
const toNearest = ({units, scale}: {readonly units: number | bigint; readonly scale: number}): number =>
	(typeof units === 'number' && scale <= MAX_EXACT_POWER ? units / 10 ** scale : Number(`${units}e-${scale}`)) + 0;
const MAX_EXACT_POWER = 22;

const none: LaneValue = {kind: 'none', fault: null};

function toLaneValue({is, decimals}: ComputedProgram, returned: unknown): LaneValue {
	if (is === 'text') return {kind: 'text', text: takeText(returned)};
	if (is === 'date') {
		const day = takeDay(returned);
		return day === null ? none : {kind: 'text', text: day};
	}
	const units = takeNumber(returned, decimals);
	return units === null ? none : {kind: 'number', number: {units, scale: decimals}};
}
