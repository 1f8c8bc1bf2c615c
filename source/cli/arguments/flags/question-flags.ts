// Flags of a question that is asked on the command line.
import {MAX_LIMIT} from '../../../analysis/question/declare-question.ts';
import {parseColumn, parseKeys} from '../../../analysis/question/parse-columns.ts';
import {parseWhere} from '../../../analysis/where/parse-where.ts';
import {findExpressionFault} from '../expression-fault.ts';
import type {FlagDefinition} from './definition.ts';

const RUN = ['run', 'config'] as const;

const findKeyFault = (text: string): string | undefined => findExpressionFault(text, parseKeys);
const findColumnFault = (text: string): string | undefined => findExpressionFault(text, parseColumn);

export const QUESTION_FLAGS = [
	{
		name: 'where',
		type: 'string',
		default: null,
		defaultText: 'all records',
		placeholder: '<condition>',
		group: 'Questions',
		description:
			'Only records that fit count, for any analysis: \'amount > 100 and category = "fuel"\'. A column, as the header names it, is compared by = != < <= > >= or in (...) with numbers, dates like 2024-05-01, or texts in quotes; or by contains "...", starts with "...", is empty; joined by and, or, not and brackets. A cell that is empty, or no number where one is compared, fits none of these but is empty. Others count as filtered',
		findFault: (text: string) => findExpressionFault(text, parseWhere),
		commands: [...RUN, 'convert'],
		env: 'FILEPROC_WHERE',
		config: 'own',
	},
	{
		name: 'group-by',
		type: 'string',
		default: null,
		placeholder: '<column[,column]>',
		group: 'Questions',
		description:
			'Ask for a row for each value of a column, or of two; month(date), year(date) and day(date) group dates. The JSON has the rows as groups, with the keys and the measures by their names, such as sum_amount; records is always there',
		findFault: findKeyFault,
		commands: RUN,
		env: 'FILEPROC_GROUP_BY',
		config: 'own',
	},
	{
		name: 'sum',
		type: 'string',
		default: null,
		isMultiple: true,
		placeholder: '<column>',
		group: 'Questions',
		description:
			'Ask for the exact sum of a column; may be given more than once, as mean, min, max and distinct. A record without a number there is rejected',
		findFault: findColumnFault,
		commands: RUN,
		env: 'FILEPROC_SUM',
		config: 'own',
	},
	{
		name: 'mean',
		type: 'string',
		default: null,
		isMultiple: true,
		placeholder: '<column>',
		group: 'Questions',
		description: 'Ask for the mean of a column, with 6 decimals',
		findFault: findColumnFault,
		commands: RUN,
		env: 'FILEPROC_MEAN',
		config: 'own',
	},
	{
		name: 'min',
		type: 'string',
		default: null,
		isMultiple: true,
		placeholder: '<column>',
		group: 'Questions',
		description: 'Ask for the smallest number of a column; of dates, day(column) is the first one',
		findFault: findColumnFault,
		commands: RUN,
		env: 'FILEPROC_MIN',
		config: 'own',
	},
	{
		name: 'max',
		type: 'string',
		default: null,
		isMultiple: true,
		placeholder: '<column>',
		group: 'Questions',
		description: 'Ask for the largest number of a column; of dates, day(column) is the last one',
		findFault: findColumnFault,
		commands: RUN,
		env: 'FILEPROC_MAX',
		config: 'own',
	},
	{
		name: 'distinct',
		type: 'string',
		default: null,
		isMultiple: true,
		placeholder: '<column>',
		group: 'Questions',
		description: 'Ask how many different values a column has, empty cells aside; not with --group-by',
		findFault: findColumnFault,
		commands: RUN,
		env: 'FILEPROC_DISTINCT',
		config: 'own',
	},
	{
		name: 'order-by',
		type: 'string',
		default: null,
		defaultText: 'the first measure',
		placeholder: '<measure>',
		group: 'Questions',
		description: 'List groups by this measure, the largest first: records, sum_amount; key lists them by their names',
		commands: RUN,
		env: 'FILEPROC_ORDER_BY',
		config: 'own',
	},
	{
		name: 'limit',
		type: 'integer',
		default: null,
		defaultText: '100',
		minimum: 1,
		maximum: MAX_LIMIT,
		placeholder: '<n>',
		group: 'Questions',
		description: 'How many groups a report lists; --export has all. How many runs history lists',
		commands: [...RUN, 'history'],
		env: 'FILEPROC_LIMIT',
		config: 'own',
	},
] as const satisfies readonly FlagDefinition[];
