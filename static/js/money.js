// Says back, in figures and in words, what was understood of a typed amount: 48万 · 480,000 · ¥0.5亿.
// Integer arithmetic only: an amount is a BigInt of fen. The server (kernel/money.py) parses again and decides; this is an echo,
// and so it understands exactly what the server does.

const SCALE = { 千: 1000n, 万: 10000n, 亿: 100000000n };
const AMOUNT = /^¥?\s*(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?\s*([千万亿])?元?$/;
const LIMIT = 10n ** 15n; // fen

/** Fen as a BigInt, or null when `text` is not an amount. */
export function parseMoney(text) {
  const typed = text.trim().replace(/[！-～￥]/g, (sign) => sign.normalize("NFKC"));
  const match = AMOUNT.exec(typed);
  if (!match) return null;
  const [, whole, fraction = "", unit] = match;
  const units = BigInt(whole.replace(/,/g, "") + fraction) * (SCALE[unit] ?? 1n) * 100n;
  const divisor = 10n ** BigInt(fraction.length);
  const fen = units / divisor;
  return units % divisor || fen > LIMIT ? null : fen;
}

const DIGITS = [..."零壹贰叁肆伍陆柒捌玖"];
const PLACES = [
  [100000000n, "亿"],
  [10000n, "万"],
  [1000n, "仟"],
  [100n, "佰"],
  [10n, "拾"],
];

/** The amount in the capital numerals that contracts and cheques use: 480000 yuan is 肆拾捌万元整. */
export function chineseWords(fen) {
  const yuan = fen / 100n;
  const jiao = Number((fen / 10n) % 10n);
  const cent = Number(fen % 10n);
  let words = yuan ? `${wholeChinese(yuan)}元` : "";
  if (!jiao && !cent) return `${words || "零元"}整`;
  if (jiao) words += `${DIGITS[jiao]}角`;
  else if (words) words += "零";
  return cent ? `${words}${DIGITS[cent]}分` : words;
}

function wholeChinese(number) {
  if (number < 10n) return DIGITS[Number(number)];
  const [size, name] = PLACES.find(([place]) => number >= place);
  const head = `${wholeChinese(number / size)}${name}`;
  const rest = number % size;
  if (!rest) return head;
  return head + (rest < size / 10n ? "零" : "") + wholeChinese(rest);
}

const ONES = [
  ..."zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen".split(" "),
  "eighteen",
  "nineteen",
];
const TENS = ["", "", ..."twenty thirty forty fifty sixty seventy eighty ninety".split(" ")];
const THOUSANDS = ["", "thousand", "million", "billion", "trillion", "quadrillion"];

/** The amount in English words: four hundred and eighty thousand yuan. */
export function englishWords(fen) {
  const groups = [];
  for (let rest = fen / 100n, power = 0; rest > 0n; rest /= 1000n, power += 1) {
    const group = Number(rest % 1000n);
    if (group) groups.unshift(`${hundredsEnglish(group)} ${THOUSANDS[power]}`.trim());
  }
  const cents = String(fen % 100n).padStart(2, "0");
  return `${groups.join(" ") || "zero"} yuan${cents === "00" ? "" : ` and ${cents}/100`}`;
}

function hundredsEnglish(number) {
  const words = [];
  if (number >= 100) words.push(`${ONES[Math.floor(number / 100)]} hundred`);
  const rest = number % 100;
  if (rest) {
    const small = rest < 20 ? ONES[rest] : `${TENS[Math.floor(rest / 10)]}${rest % 10 ? `-${ONES[rest % 10]}` : ""}`;
    words.push(words.length ? `and ${small}` : small);
  }
  return words.join(" ");
}

/** ¥480,000 or ¥480,000.50. */
export function figures(fen) {
  const whole = (fen / 100n).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  const cents = fen % 100n;
  return `¥${whole}${cents ? `.${String(cents).padStart(2, "0")}` : ""}`;
}

function echo(input, output) {
  const text = input.value.trim();
  const fen = text ? parseMoney(text) : null;
  output.toggleAttribute("data-wrong", Boolean(text) && fen === null);
  if (!text) output.textContent = "";
  else if (fen === null) output.textContent = output.dataset.wrongText;
  else {
    const words = document.documentElement.lang.startsWith("zh") ? chineseWords : englishWords;
    output.textContent = `${figures(fen)} · ${words(fen)}`;
  }
}

/** Echo every money field below `root`; input is awaited for a moment so that a screen reader hears one sentence, not five. */
export function dress(root) {
  for (const input of root.querySelectorAll("[data-money]:not([data-dressed])")) {
    const output = document.getElementById(input.dataset.money);
    if (!output) continue;
    input.dataset.dressed = "";
    let timer;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(echo, 250, input, output);
    });
    input.addEventListener("change", () => echo(input, output));
    if (input.value) echo(input, output);
  }
}
