/* The upload queue: three files at a time, each answered for on its own. Without this file the form still works. */

const AT_ONCE = 3;
const form = document.getElementById("upload");
const says = form.dataset;
const picker = form.querySelector("input[type=file]");
const jobs = [];

/** Return the settings of the form as they stand now: a file keeps those it was dropped with. */
function settings() {
  const data = new FormData(form);
  data.delete("files");
  return data;
}

function sizeText(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Put the files into the queue with the present settings, and start sending. */
function add(files) {
  const wishes = settings();
  for (const file of files) jobs.push(newJob(file, wishes));
  document.getElementById("queue").hidden = jobs.length === 0;
  pump();
}

function newJob(file, wishes) {
  const row = document.getElementById("file-row").content.firstElementChild.cloneNode(true);
  row.querySelector(".file__name").textContent = file.name;
  row.querySelector(".file__name").title = file.name;
  row.querySelector(".file__size").textContent = sizeText(file.size);
  document.getElementById("files").append(row);
  const job = { file, wishes, row };
  row.querySelector(".file__retry").addEventListener("click", () => retry([job]));
  const isTooBig = file.size > Number(says.maxMb) * 1024 * 1024;
  settle(job, isTooBig ? "rejected" : "waiting", isTooBig ? says.tooBig : says.waiting);
  return job;
}

function settle(job, state, message) {
  job.state = job.row.dataset.state = state;
  job.row.querySelector(".file__says").textContent = message;
  job.row.querySelector(".file__retry").hidden = state !== "failed";
}

const having = (state) => jobs.filter((job) => job.state === state);

function retry(again) {
  again.forEach((job) => settle(job, "waiting", says.waiting));
  pump();
}

function pump() {
  having("waiting").slice(0, AT_ONCE - having("sending").length).forEach(send);
  showTotal();
}

function send(job) {
  const request = new XMLHttpRequest();
  const bar = job.row.querySelector("progress");
  settle(job, "sending", says.sending);
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("X-CSRFToken", csrfToken());
  request.upload.addEventListener("progress", (event) => { bar.value = event.loaded / event.total; });
  request.upload.addEventListener("load", () => settle(job, "sending", says.keeping));
  request.addEventListener("load", () => { answered(job, request); pump(); });
  request.addEventListener("error", () => { settle(job, "failed", says.offline); pump(); });
  const body = new FormData();
  job.wishes.forEach((value, name) => body.append(name, value));
  body.append("files", job.file);
  request.send(body);
}

/** The cookie's token is the newer one: signing in again in another tab renews it. */
function csrfToken() {
  const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  return cookie ? cookie[1] : form.elements.csrfmiddlewaretoken.value;
}

function answered(job, request) {
  const answer = readAnswer(request.responseText);
  if (request.status === 403 || (!answer && request.status < 400)) return settle(job, "failed", says.signedOut);
  if (request.status >= 500) return settle(job, "failed", answer?.message || says.broken);
  if (!answer) return settle(job, "rejected", says.refused);
  settle(job, answer.status, answer.message);
  if (answer.url) link(job, answer);
  if (answer.batch && answer.status === "stored") document.getElementById("watch").href = answer.batch;
}

function readAnswer(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function link(job, answer) {
  const link = document.createElement("a");
  link.href = answer.url;
  link.textContent = job.file.name;
  job.row.querySelector(".file__name").replaceChildren(link);
}

function showTotal() {
  const [stored, known, refused, failed] = ["stored", "duplicate", "rejected", "failed"].map((state) => having(state).length);
  const words = [says.total.replace("STORED", stored).replace("ALL", jobs.length)];
  if (known) words.push(says.known.replace("COUNT", known));
  if (refused) words.push(says.bad.replace("COUNT", refused));
  if (failed) words.push(says.stuck.replace("COUNT", failed));
  const settled = stored + known + refused;
  document.getElementById("total").textContent = words.join(", ");
  document.getElementById("overall").value = jobs.length ? (settled + failed) / jobs.length : 0;
  document.getElementById("retry-all").hidden = failed < 2;
  document.getElementById("watch").hidden = settled < jobs.length || stored === 0;
}

/** Return the files of a drop, those inside folders too. */
async function droppedFiles(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return [...transfer.files];
  return (await Promise.all(entries.map(filesOf))).flat();
}

async function filesOf(entry) {
  if (entry.isFile) return [await new Promise((resolve, reject) => entry.file(resolve, reject))];
  const reader = entry.createReader();
  const inside = [];
  // A reader hands out a folder in pieces; an empty piece is the end.
  for (let piece; (piece = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))).length; ) inside.push(...piece);
  return (await Promise.all(inside.map(filesOf))).flat();
}

function drag(isOver) {
  document.body.classList.toggle("is-dragging", isOver);
}

document.addEventListener("dragover", (event) => { event.preventDefault(); drag(true); });
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) drag(false); });
document.addEventListener("drop", async (event) => {
  event.preventDefault();
  drag(false);
  add(await droppedFiles(event.dataTransfer));
});
document.getElementById("choose").addEventListener("click", () => picker.click());
picker.addEventListener("change", () => { add([...picker.files]); picker.value = ""; });
form.addEventListener("submit", (event) => event.preventDefault());
document.getElementById("retry-all").addEventListener("click", () => retry(having("failed")));
window.addEventListener("beforeunload", (event) => {
  if (having("sending").length || having("waiting").length) event.preventDefault();
});
