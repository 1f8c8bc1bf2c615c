// Who did something when: records by user, hour and weekday.
import {
	busiestHour,
	count,
	countBy,
	dateRange,
	declareAnalysis,
	distinctKeys,
	groupBy,
	hour,
	lineCount,
	max,
	min,
	tableError,
	weekday,
} from '../declaration.ts';
import {timestampNames, userNames} from '../roles.ts';

export const activity = declareAnalysis({
	name: 'activity',
	version: 1,
	title: 'Activity of users',
	alsoReads: 'lines',
	columns: {
		user: {is: 'text', aliases: userNames},
		timestamp: {is: 'timestamp', optional: true, aliases: timestampNames},
	},
	measures: {
		lines: lineCount(),
		records: count(),
		unique_users: distinctKeys('users'),
		users: groupBy('user', {records: count(), first: min('timestamp'), last: max('timestamp')}, {orderBy: 'records'}),
		users_error: tableError('users'),
		time_range: dateRange('timestamp'),
		hours: countBy(hour('timestamp')),
		weekdays: countBy(weekday('timestamp')),
		busiest_hour: busiestHour('hours'),
	},
	views: [
		{
			show: 'figures',
			figures: [
				{label: 'records', key: 'records', format: 'integer'},
				{label: 'users', key: 'unique_users', format: 'distinct'},
				{label: 'times', key: 'time_range', format: 'dates'},
				{label: 'busiest hour', key: 'busiest_hour', format: 'busiest-hour'},
				{label: 'lines', key: 'lines', format: 'integer'},
			],
		},
		{
			show: 'bars',
			title: 'users',
			rows: 'users',
			name: 'user',
			values: [
				{label: 'records', key: 'records', format: 'integer'},
				{label: 'first', key: 'first', format: 'name'},
				{label: 'last', key: 'last', format: 'name'},
			],
			error: 'users_error',
		},
		{show: 'bars', of: 'hours'},
		{show: 'bars', of: 'weekdays'},
	],
});
