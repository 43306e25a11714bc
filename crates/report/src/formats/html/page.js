"use strict";
(() => {
  const table = document.getElementById("findings");
  if (!table) return;
  const rows = [...table.tBodies];
  const [filter, severity, kind, shown] = ["filter", "severity", "kind", "shown"].map((id) => document.getElementById(id));
  const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  const apply = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const fits =
        (!severity.value || row.dataset.severity === severity.value) &&
        (!kind.value || row.dataset.kind === kind.value) &&
        words.every((word) => texts.get(row).includes(word));
      row.hidden = !fits;
      if (fits) count += 1;
    }
    shown.textContent = `${count} of ${rows.length}`;
  };
  filter.addEventListener("input", apply);
  severity.addEventListener("change", apply);
  kind.addEventListener("change", apply);
  [...table.tHead.rows[0].cells].forEach((cell, index) => {
    const button = document.createElement("button");
    button.textContent = cell.textContent;
    cell.replaceChildren(button);
    const value = (row) => {
      const found = row.rows[0].cells[index];
      return cell.dataset.sort === "text" ? found.textContent : Number(found.dataset.value);
    };
    let descending = cell.dataset.sort !== "text";
    button.addEventListener("click", () => {
      rows.sort((left, right) => {
        const [a, b] = [value(left), value(right)];
        const order = typeof a === "number" ? a - b : a.localeCompare(b);
        return descending ? -order : order;
      });
      [...table.tHead.rows[0].cells].forEach((other) => other.removeAttribute("aria-sort"));
      cell.setAttribute("aria-sort", descending ? "descending" : "ascending");
      descending = !descending;
      table.append(...rows);
    });
  });
  document.querySelector(".filters").hidden = false;
  apply();
})();
