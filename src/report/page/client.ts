/// <reference lib="dom" />
export const x = document.title;
