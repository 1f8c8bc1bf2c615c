// How a single file is processed, where that differs from the rest of its run.
import type {JobRules} from '../jobs/job.ts';
import {type Percentage, perMillion} from '../shared/percentage.ts';
import type {ReadSettings} from '../shared/protocol.ts';

/** Settings of a file that is added to a run; what is left out is as for the whole run. */
export interface JobSettings {
	/** `null` to find it out from the header. */
	readonly analysis?: ReadSettings['analysis'] | undefined;
	/** As in `BatchSettings`; `null` for no limit. */
	readonly maxErrors?: number | Percentage | null | undefined;
	readonly retries?: number | undefined;
	readonly timeoutMs?: number | undefined;
}

/** What a limit of rejected records is for those who read. */
export function errorLimits(
	maxErrors: JobSettings['maxErrors'],
): Pick<ReadSettings, 'maxErrors' | 'maxErrorsPerMillion'> {
	if (typeof maxErrors !== 'string') return {maxErrors: maxErrors ?? null, maxErrorsPerMillion: null};
	return {maxErrors: null, maxErrorsPerMillion: perMillion(maxErrors)};
}

/** Gives the rules that follow from settings: the same object for the same settings, because files that share it go in groups. */
export class JobRulesTable {
	/** Of the whole run. */
	readonly ofRun: JobRules;
	readonly #known = new Map<string, JobRules>();

	constructor(ofRun: JobRules) {
		this.ofRun = ofRun;
	}

	rulesOf(settings: JobSettings): JobRules {
		const {ofRun} = this;
		const {analysis, maxErrors, retries = ofRun.retries, timeoutMs = ofRun.timeoutMs} = settings;
		const readSettings: ReadSettings = {
			...ofRun.readSettings,
			...(analysis !== undefined && {analysis}),
			...(maxErrors !== undefined && errorLimits(maxErrors)),
		};
		const key = JSON.stringify([readSettings, retries, timeoutMs]);
		const known = this.#known.get(key);
		if (known !== undefined) return known;
		const rules = {readSettings, retries, timeoutMs};
		this.#known.set(key, rules);
		return rules;
	}
}
