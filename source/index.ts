/// <reference types="node" preserve="true" />
// The library: the functions behind the command.
//
//	import {processBatch} from 'fileproc-tui';
//	const report = await processBatch(['./exports'], {concurrency: 8});
//	console.log(report.analyses.transactions?.total_amount_exact);
export type {
	AnalysisDeclaration,
	AnyRecord,
	ColumnDeclaration,
	ComputedColumn,
	Derivation,
	GroupKey,
	Measure,
	RecordOf,
	TypedDeclaration,
} from './analysis/declaration.ts';
export {
	busiestHour,
	count,
	countBy,
	dateRange,
	day,
	distinct,
	distinctKeys,
	firstKey,
	groupBy,
	groupCount,
	hour,
	lineCount,
	max,
	mean,
	min,
	month,
	nearest,
	numbers,
	share,
	sum,
	tableError,
	weekday,
	year,
} from './analysis/declaration.ts';
export {defineAnalysis} from './analysis/define-analysis.ts';
export type {ResultOf} from './analysis/result-types.ts';
export type {BatchSettings, LimitSettings} from './engine/batch.ts';
export type {DialectSettings} from './engine/plan/dialect-rules.ts';
export type {
	JsonValue,
	ProcessedRecord,
	ProcessorContext,
	ProcessorData,
	ProcessorDeclaration,
	ProcessorFile,
	ProcessorInstance,
	ProcessorResult,
} from './engine/shared/define-processor.ts';
export {defineProcessor} from './engine/shared/define-processor.ts';
export type {ReadLimits} from './engine/shared/limits.ts';
export type {Percentage} from './engine/shared/percentage.ts';
export type {LedgerFile, LedgerRun, LedgerRunStatus, SearchOptions} from './ledger/ledger.ts';
export {LedgerError} from './ledger/ledger-error.ts';
export type {Verdict, VerifiedFile} from './ledger/verify-files.ts';
export type * from './model/analysis-info.ts';
export type * from './model/events.ts';
export type * from './model/report.ts';
export type {
	ActivityResult,
	AnalysisResult,
	AnalysisResults,
	BusiestHour,
	CategoryFigure,
	ColumnQualityResult,
	ColumnQuantiles,
	ColumnResult,
	ColumnType,
	DateRange,
	DepartmentFigure,
	DistinctCount,
	FrequentLine,
	LevelFigure,
	LinesResult,
	LongestLine,
	ProfileResult,
	QualityFinding,
	QualityResult,
	SalesResult,
	TransactionsResult,
	UserFigure,
} from './model/results.ts';
export {NothingMatchedError, type ProcessOptions, processBatch, processFile} from './process-files.ts';
export {openLedger, type SavedRuns, type VerifySettings} from './saved-runs.ts';
