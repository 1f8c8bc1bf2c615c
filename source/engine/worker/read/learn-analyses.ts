// Analyses that are not built in, which come with the settings of a request.
import {isAnalysisName, registerAnalyses} from '../../../analysis/registry.ts';
import {InputError} from '../../../input/input-error.ts';
import {messageOf} from '../../../text/system-error.ts';
import type {RegisteredAnalysis} from '../../shared/protocol.ts';

/** Why a module cannot be loaded here. Each file that is read fails with it. */
let failure: InputError | null = null;

export async function learnAnalyses(registered: readonly RegisteredAnalysis[]): Promise<void> {
	for (const each of registered) {
		if (!('measures' in each)) await learnFromModule(each);
		else registerAnalyses([each]);
	}
}

async function learnFromModule({name, code}: Exclude<RegisteredAnalysis, {measures: unknown}>): Promise<void> {
	if (isAnalysisName(name) || failure !== null) return;
	try {
		// What imports modules is not loaded unless it is needed.
		const {loadFromOrigin} = await import('../../shared/own-modules.ts');
		registerAnalyses([await loadFromOrigin(code)]);
	} catch (error) {
		failure = new InputError('ANALYSIS_FAILED', `${code.path}: ${messageOf(error)}`);
	}
}

/** @throws {InputError} When analyses are not known that files are read for. */
export function assertLearned(): void {
	if (failure !== null) throw failure;
}
