// The columns that lines of a text have where an analysis reads those with a user, too: where each of them stands, as if the text had a
// header.

export const userColumns = {user: 0, timestamp: 1} as const;
