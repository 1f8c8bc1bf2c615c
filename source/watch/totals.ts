// What the files of a watching have come to, in numbers.
import type {FileReport, RunTotals} from '../model/report.ts';
import {toSeconds} from '../model/totals.ts';

export class Totals {
	readonly #sums = {files: 0, completed: 0, failed: 0, cancelled: 0, skipped: 0, bytes: 0, rows: 0, rejected_rows: 0};

	add({status, bytes, rows, rejected_rows}: FileReport): void {
		this.#sums.files++;
		this.#sums[status]++;
		this.#sums.bytes += bytes;
		this.#sums.rows += rows;
		this.#sums.rejected_rows += rejected_rows;
	}

	after(ms: number): RunTotals {
		return {...this.#sums, processing_time: toSeconds(ms)};
	}
}
