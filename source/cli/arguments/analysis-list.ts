// `--analysis transactions,./refunds.ts`: several analyses in one pass.
import {findCombinationFault} from '../../analysis/registry.ts';

const LIST_ITEM = /^(?:[\w-]+|.*\.m?[jt]s)$/;

/** @returns Names and modules, at least two; `null` for any other text, also for the path of a module that has a comma. */
export function splitAnalyses(text: string): readonly string[] | null {
	const items = text.split(',').map(item => item.trim());
	return items.length > 1 && items.every(item => LIST_ITEM.test(item)) ? items : null;
}

/** Why the analyses of a list cannot share a pass, where that is known without loading modules. */
export function findListFault(text: string): string | undefined {
	const items = splitAnalyses(text);
	if (items === null) return undefined;
	if (items.includes('detect')) return 'detect chooses one analysis for each file, so it cannot be in a list';
	return findCombinationFault(items);
}
