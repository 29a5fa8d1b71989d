/** Images and files. Only images of this sandbox are fetched: the page asks nobody else. */
import { api } from "../api.js";
import { h, link, safeUrl } from "../dom.js";
import { icon } from "../icons.js";
import { plainText } from "./text.js";

function fetchable(url) {
  const href = safeUrl(url);
  return href && new URL(href).origin === window.location.origin ? href : null;
}

function source(element, surface) {
  if (element.slack_file?.id) return api.fileUrl(element.slack_file.id, surface.persona);
  return fetchable(element.image_url);
}

/** An image element; one from elsewhere shows its description and a link instead. */
export function imageElement(element, surface) {
  const alt = element.alt_text ?? "Image";
  const src = source(element, surface);
  if (src) return h("img", { class: "image", src, alt, loading: "lazy" });
  const label = `Image: ${alt}`;
  return element.image_url
    ? link(element.image_url, label, { class: "image-away", title: "Opens outside the sandbox" })
    : h("span", { class: "image-away" }, label);
}

/** An image block with its title. */
export function imageBlock(block, surface) {
  return h(
    "figure",
    { class: "image-block" },
    block.title && h("figcaption", {}, plainText(block.title)),
    imageElement(block, surface),
  );
}

function size(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < 1048576) return `${Math.round(bytes / 1024)} kB`;
  return `${(bytes / 1048576).toFixed(1)} MB`;
}

/** A file as a chip that downloads it; a picture that says what it shows is shown as well. */
export function fileChip(file, persona) {
  const name = file.title || file.name || file.id;
  const kind = (file.filetype || file.name?.split(".").pop() || "file").toUpperCase();
  const note = [kind, size(file.size)].filter(Boolean).join(" · ");
  const src = file.mimetype === "image/png" && file.alt_txt && api.fileUrl(file.id, persona);
  return h(
    "a",
    {
      class: "file-chip",
      href: api.fileUrl(file.id, persona),
      download: file.name ?? file.id,
      "data-testid": "file",
      "data-file-id": file.id,
    },
    h("span", { class: "file-icon" }, icon("file")),
    h("span", { class: "file-name" }, name),
    h("span", { class: "file-note" }, note),
    src && h("img", { class: "image", src, alt: file.alt_txt, loading: "lazy" }),
  );
}
