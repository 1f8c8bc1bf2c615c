// Analyses that are not built in, which come with the settings of a request.
import {type AnalysisChoice, isAnalysisName, namesOf, registerAnalyses} from '../../../analysis/registry.ts';
import {InputError} from '../../../input/input-error.ts';
import {messageOf} from '../../../text/system-error.ts';
import type {RegisteredAnalysis} from '../../shared/protocol.ts';

/** Why analyses are not known here, by their names. Each file that is read for one of them fails with it. */
const failures = new Map<string, InputError>();

export async function learnAnalyses(registered: readonly RegisteredAnalysis[]): Promise<void> {
	for (const each of registered) {
		if (!('measures' in each)) await learnFromModule(each);
		else registerAnalyses([each]);
	}
}

async function learnFromModule({name, code}: Exclude<RegisteredAnalysis, {measures: unknown}>): Promise<void> {
	if (isAnalysisName(name) || failures.has(name)) return;
	try {
		// What imports modules is not loaded unless it is needed.
		const {loadFromOrigin} = await import('../../shared/own-modules.ts');
		registerAnalyses([await loadFromOrigin(code)]);
	} catch (error) {
		failures.set(name, new InputError('ANALYSIS_FAILED', `${code.path}: ${messageOf(error)}`));
	}
}

/** @throws {InputError} When one of the analyses to choose from is not known. */
export function assertLearned(choice: AnalysisChoice): void {
	for (const name of namesOf(choice)) {
		const failure = failures.get(name);
		if (failure !== undefined) throw failure;
	}
}
