/** Relative targets of the links in a line: `docs/feed.md`, `#headers`. */
export function linksIn(line) {
  const targets = [...line.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

const PATH = /^[\w.@-]+(?:\/[\w.@-]+)+\/?$/;
const FOLDERS = /^(?:libs|services|tools|tests|proto|docs)\//;
const FILE = /\.(?:ts|mjs|cjs|js|proto|md|json|html|css)$/;
const CALL = /^(?:new )?([\w.]+)\(\)$/;

/**
 * Files and folders that a page names in backticks, by line, each with the functions named behind it in the same item:
 * `Follower.start()`. A function with no file before it is not looked for.
 */
export function mentionsIn(lines) {
  const mentions = [];
  let current;
  lines.forEach((line, index) => {
    if (/^\s*(?:$|#|\||-|\d+\.)/.test(line)) current = undefined;
    for (const [, token] of line.matchAll(/`([^`]+)`/g)) {
      const call = CALL.exec(token);
      if (call) current?.names.push(...call[1].split('.'));
      else if (PATH.test(token) && (FOLDERS.test(token) || FILE.test(token))) {
        mentions.push((current = { line: index + 1, path: token, names: [] }));
      }
    }
  });
  return mentions;
}

/** Anchors as GitHub makes them. */
export function headingsOf(text) {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading.toLowerCase());
  return new Set(headings.map((heading) => heading.replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-')));
}
