/** `#12` as a link, for an issue or a pull request. */
export function numberLink({ number, url }: { readonly number: number; readonly url: string }): string {
  return `[#${number}](${url})`;
}
