// What `validate` leaves: nothing, where all records are accepted, so that the file is read on as it is.
import {canonicalRecord} from '../../../engine/worker/table/canonical-records.ts';
import type {RejectReport} from '../../../model/report.ts';
import type {StepOutput} from '../../pipeline.ts';
import type {OutputFile} from '../write-output.ts';
import type {BuiltInContext} from './load-processor.ts';

/** The accepted records as clean CSV, and a list of the others. */
export class ValidateResults {
	readonly #context: BuiltInContext;
	#header = '';
	#accepted: OutputFile | null = null;
	#rejected: OutputFile | null = null;

	constructor(context: BuiltInContext) {
		this.#context = context;
	}

	begin(names: readonly string[]): void {
		this.#header = canonicalRecord(names);
	}

	async accept(cells: readonly string[]): Promise<void> {
		this.#accepted ??= await this.#begin('csv', this.#header);
		await this.#accepted.add(canonicalRecord(cells));
	}

	async reject({line, column, reason, value}: RejectReport): Promise<void> {
		this.#rejected ??= await this.#begin('rejects.csv', 'line,column,reason,value\n');
		await this.#rejected.add(canonicalRecord([String(line), column ?? '', reason, value]));
	}

	async #begin(ending: string, header: string): Promise<OutputFile> {
		const file = await this.#context.openOutput(ending);
		await file.add(header);
		return file;
	}

	async finish(
		hasRejects: boolean,
		isNormalised: boolean,
	): Promise<{outputs: readonly StepOutput[]; data: StepOutput | null}> {
		if (!hasRejects) {
			await this.discard();
			return {outputs: [], data: null};
		}
		this.#accepted ??= await this.#begin('csv', this.#header);
		const data = {...(await this.#accepted.finish()), table: {hasHeader: true, isNormalised}};
		const list = await this.#rejected?.finish();
		return {outputs: list === undefined ? [data] : [data, list], data};
	}

	async discard(): Promise<void> {
		await this.#accepted?.discard();
		await this.#rejected?.discard();
	}
}
