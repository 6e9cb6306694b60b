// What each kind of chart looks like: pure functions from (data, look) to an ECharts option.
// The shapes of `data` are described in docs/design-system.md.

/** A function that writes a value with its unit: fen become ¥48万 or ¥480K, anything else is a plain number and its unit. */
function writer(data, look, full = false) {
  const unit = data.unit ?? "";
  if (unit === "fen") {
    const format = new Intl.NumberFormat(look.language, full ? {} : { notation: "compact", maximumFractionDigits: 1 });
    return (value) => `¥${format.format(value / 100)}`;
  }
  const format = new Intl.NumberFormat(look.language, { maximumFractionDigits: full ? 4 : 1 });
  return (value) => `${format.format(value)}${unit === "%" ? "%" : unit && ` ${unit}`}`;
}

function tooltip(look, extra) {
  return {
    renderMode: "richText",
    confine: true,
    backgroundColor: look.surface,
    borderColor: look.line,
    textStyle: { color: look.ink, fontFamily: look.font, fontSize: 13 },
    ...extra,
  };
}

function valueAxis(look, write, extra = {}) {
  return {
    type: "value",
    axisLabel: { color: look.muted, formatter: write, hideOverlap: true },
    splitLine: { lineStyle: { color: look.line } },
    nameTextStyle: { color: look.muted },
    ...extra,
  };
}

function categoryAxis(look, names, extra = {}) {
  return {
    type: "category",
    data: names,
    axisLine: { lineStyle: { color: look.muted } },
    axisTick: { show: false },
    axisLabel: { color: look.ink, width: look.narrow ? 84 : 160, overflow: "truncate" },
    ...extra,
  };
}

function colourOf(item, look, index) {
  return look.sources[item.source] ?? look.series[index % look.series.length];
}

/** About how wide a text is drawn, in pixels: Chinese signs are square. */
function widthOf(text) {
  return [...text].reduce((sum, sign) => sum + (sign > "\u2e80" ? 13 : 7.2), 0);
}

/** The legend, and how much room its lines take above the grid. */
function legend(look, series) {
  let lines = 1;
  let used = 0;
  for (const { name } of series) {
    const width = widthOf(name) + 36;
    if (used && used + width > look.width - 8) {
      lines += 1;
      used = 0;
    }
    used += width;
  }
  return [{ show: true, top: 0, left: 0, itemGap: 12, itemWidth: 18, itemHeight: 12, textStyle: { color: look.ink } }, lines * 24 + 8];
}

const LINES = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], symbolSize: 1 };

/** The pattern of a source, as in the bars of macros/money.html. */
function decalOf(item, look) {
  const pattern = {
    alliance: { ...LINES, rotation: -Math.PI / 4 },
    subsidy: { symbol: "circle", dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [6, 0], symbolSize: 0.5 },
    loan: LINES,
    industry: { ...LINES, rotation: Math.PI / 2 },
  }[item.source];
  return pattern ? { ...pattern, color: look.mark } : { symbol: "none" };
}

/** Horizontal bars; with `stacked` the series of one category add up. */
function bars(data, look, stacked = false) {
  const write = writer(data, look);
  const [key, top] = data.series.length > 1 ? legend(look, data.series) : [{ show: false }, 8];
  return {
    aria: { enabled: true, label: { enabled: false }, decal: { show: true } },
    legend: key,
    tooltip: tooltip(look, { trigger: "axis", axisPointer: { type: "none" }, valueFormatter: writer(data, look, true) }),
    grid: { left: 4, right: look.narrow ? 56 : 72, top, bottom: 4, containLabel: true },
    xAxis: valueAxis(look, write, { splitNumber: look.narrow ? 2 : 4, minInterval: data.unit ? undefined : 1 }),
    yAxis: categoryAxis(look, data.categories, { inverse: true }),
    series: data.series.map((item, index) => ({
      type: "bar",
      name: item.name,
      data: item.values,
      stack: stacked ? "all" : undefined,
      barMaxWidth: 26,
      itemStyle: {
        color: colourOf(item, look, index),
        decal: decalOf(item, look),
        borderColor: look.surface,
        borderWidth: stacked ? 1 : 0,
      },
      label: { show: !stacked, position: "right", color: look.ink, formatter: ({ value }) => write(value) },
    })),
  };
}

/** Lines over a numeric x, labelled at their ends; `step` for values that hold until the next (a solver's incumbent). */
function line(data, look) {
  const write = writer(data, look);
  const room = Math.min(0.4 * look.width, Math.max(...data.series.map(({ name }) => widthOf(name))) + 12);
  return {
    tooltip: tooltip(look, {
      trigger: "axis",
      formatter: (points) => {
        const full = writer(data, look, true);
        const lines = points.map(({ seriesName, value }) => `${seriesName}: ${full(value[1])}`);
        return [`${points[0].value[0]} ${data.x_label ?? ""}`.trim(), ...lines].join("\n");
      },
    }),
    grid: { left: 4, right: room, top: 28, bottom: 28, containLabel: true },
    xAxis: {
      type: "value",
      min: "dataMin",
      max: "dataMax",
      name: data.x_label,
      nameLocation: "middle",
      nameGap: 28,
      nameTextStyle: { color: look.muted },
      axisLabel: { color: look.muted, hideOverlap: true },
      splitLine: { show: false },
    },
    yAxis: valueAxis(look, write, { name: data.y_label, scale: true, nameTextStyle: { align: "left", color: look.muted } }),
    series: data.series.map((item, index) => ({
      type: "line",
      name: item.name,
      data: item.points,
      step: item.step ? "end" : false,
      symbol: ["circle", "rect", "triangle", "diamond"][index % 4],
      showSymbol: item.points.length < 30,
      symbolSize: 7,
      lineStyle: { width: 2.5, type: item.dashed ? "dashed" : "solid", color: colourOf(item, look, index) },
      itemStyle: { color: colourOf(item, look, index) },
      endLabel: { show: true, color: look.ink, formatter: "{a}", width: room, overflow: "break" },
      labelLayout: { moveOverlap: "shiftY" },
    })),
  };
}

const LABEL_HEIGHT = 34;

/** How many nodes stand above each other where most do: a node stands one column behind the last one that flows into it. */
function tallest({ nodes, links }) {
  const column = Object.fromEntries(nodes.map(({ name }) => [name, 0]));
  for (let pass = 0; pass < nodes.length; pass += 1)
    for (const [from, to] of links) column[to] = Math.min(Math.max(column[to], column[from] + 1), nodes.length);
  const counts = {};
  for (const { name } of nodes) counts[column[name]] = (counts[column[name]] ?? 0) + 1;
  return Math.max(...Object.values(counts));
}

/** Flows of money from who pays to what is paid. The gap is a label's height, so that labels of thin flows never touch. */
function sankey(data, look) {
  const write = writer(data, look);
  return {
    tooltip: tooltip(look, {
      trigger: "item",
      formatter: ({ dataType, data: item, name, value }) =>
        `${dataType === "edge" ? `${item.source} → ${item.target}` : name}\n${writer(data, look, true)(value)}`,
    }),
    series: [
      {
        type: "sankey",
        left: 4,
        right: look.narrow ? 96 : 160,
        top: 20,
        bottom: 20,
        nodeGap: LABEL_HEIGHT,
        nodeWidth: 14,
        draggable: false,
        emphasis: { focus: "adjacency" },
        data: data.nodes.map((node, index) => ({
          name: node.name,
          itemStyle: { color: node.source ? colourOf(node, look, index) : look.muted, borderWidth: 0 },
        })),
        links: data.links.map(([source, target, value]) => ({ source, target, value })),
        lineStyle: { color: "source", opacity: 0.32, curveness: 0.5 },
        label: {
          color: look.ink,
          width: look.narrow ? 90 : 150,
          overflow: "truncate",
          lineHeight: 15,
          formatter: ({ name, value }) => `${name}\n${write(value)}`,
        },
      },
    ],
  };
}

/** A strip of cells, one row per team or fund, one column per period; the number stands in the cell, colour repeats it. */
function heat(data, look) {
  const write = writer(data, look);
  const cells = data.values.flatMap((row, y) => row.map((value, x) => [x, y, value]).filter(([, , value]) => value !== null));
  return {
    tooltip: tooltip(look, {
      trigger: "item",
      formatter: ({ value: [x, y, value] }) => `${data.rows[y]} · ${data.columns[x]}\n${writer(data, look, true)(value)}`,
    }),
    grid: { left: 4, right: 4, top: 8, bottom: 4, containLabel: true },
    xAxis: categoryAxis(look, data.columns, { axisLine: { show: false }, axisLabel: { color: look.muted, hideOverlap: true } }),
    yAxis: categoryAxis(look, data.rows, { inverse: true, axisLine: { show: false } }),
    visualMap: { show: false, min: 0, max: data.max ?? 100, inRange: { color: [look.wash, look.accent] } },
    series: [
      {
        type: "heatmap",
        data: cells.map((cell) => ({
          value: cell,
          // Beyond half, the cell is dark enough (or, in dark mode, light enough) that the number must turn.
          label: { color: cell[2] > 0.55 * (data.max ?? 100) ? look.surface : look.ink },
        })),
        itemStyle: { borderColor: look.surface, borderWidth: 2 },
        label: { show: cells.length <= 120 && !(look.narrow && data.columns.length > 6), formatter: ({ value }) => write(value[2]) },
      },
    ],
  };
}

/** Points to choose from; those on the frontier are joined, the chosen one is filled and named. */
function scatter(data, look) {
  const write = { x: writer({ unit: data.x_unit }, look), y: writer({ unit: data.y_unit }, look) };
  const frontier = data.points.filter((point) => point.frontier).sort((a, b) => a.x - b.x);
  const label = { show: true, position: "top", color: look.ink, formatter: ({ name }) => name };
  return {
    tooltip: tooltip(look, {
      trigger: "item",
      formatter: ({ name, value: [x, y] }) => `${name}\n${data.x_label}: ${write.x(x)}\n${data.y_label}: ${write.y(y)}`,
    }),
    grid: { left: 4, right: 28, top: 40, bottom: 28, containLabel: true },
    xAxis: valueAxis(look, write.x, {
      name: data.x_label,
      nameLocation: "middle",
      nameGap: 28,
      scale: true,
      splitLine: { show: false },
      splitNumber: look.narrow ? 3 : 5,
    }),
    yAxis: valueAxis(look, write.y, { name: data.y_label, scale: true, nameTextStyle: { align: "left", color: look.muted } }),
    series: [
      {
        type: "line",
        silent: true,
        symbol: "none",
        data: frontier.map(({ x, y }) => [x, y]),
        lineStyle: { color: look.muted, type: "dashed", width: 1.5 },
      },
      {
        type: "scatter",
        symbolSize: 13,
        data: data.points.map((point) => ({
          name: point.name,
          value: [point.x, point.y],
          symbol: point.chosen ? "diamond" : "circle",
          symbolSize: point.chosen ? 18 : 12,
          itemStyle: { color: point.chosen || point.frontier ? look.accent : look.surface, borderColor: look.accent, borderWidth: 2 },
          label: { ...label, show: Boolean(point.chosen || point.frontier), fontWeight: point.chosen ? 650 : 400 },
        })),
        labelLayout: { hideOverlap: true },
      },
    ],
  };
}

export const OPTIONS = {
  bars: (data, look) => bars(data, look),
  "stacked-bars": (data, look) => bars(data, look, true),
  line,
  sankey,
  heat,
  scatter,
};

/** Pixels that a drawing needs at least, whatever its style sheet says; 0 = the style sheet decides. */
export const least = (kind, data) => (kind === "sankey" ? LABEL_HEIGHT * tallest(data) + 180 : 0);
