import type {AnalysisInfo, View} from '../model/analysis-info.ts';
import type {AnalysisDeclaration, DeclaredView} from './declaration.ts';

/** What an output must know of an analysis. */
export const describeAnalysis = ({
	name,
	title,
	reads,
	columns,
	measures,
	views,
}: AnalysisDeclaration): AnalysisInfo => ({
	name,
	title,
	// Lines have no header, so a file needs no columns for them.
	columns: Object.entries(reads === 'lines' ? {} : columns).map(([column, {is, isOptional}]) => ({
		name: column,
		type: is,
		isOptional: isOptional === true,
	})),
	views: views.map(view => describeView(view, measures)),
});

function describeView(view: DeclaredView, measures: AnalysisDeclaration['measures']): View {
	const table = view.show === 'figures' ? undefined : measures[view.rows];
	if (view.show === 'figures' || table?.kind !== 'groups') return view;
	const count = Object.keys(measures).find(key => {
		const measure = measures[key];
		return measure?.kind === 'group-count' && measure.table === view.rows;
	});
	return {...view, limit: table.limit, ...(count !== undefined && {count})};
}
