<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
    <name>Actions</name>
    <message>
        <source>Paint a mask first: brush over the area to fill.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model is still loading.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model could be loaded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is being generated.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Generate something first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose an edit in the history first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This edit has no other variants.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no sketch.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every edit fits what lies beneath it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is nothing to undo.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is nothing to redo.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Sketch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Generate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Tools</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Generate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fill the mask with what the prompt says.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same mask and prompt with another seed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop generating; the picture stays as it was.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous variant</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next variant</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Apply variant</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the one on the canvas, drop the others.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Discard variant</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop the one on the canvas.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep all variants</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>They stay in the history, to be chosen later.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replay later edits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run again what an earlier change has left behind.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mouse wheel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move the canvas</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Space+drag, middle button</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom freely</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+Space+drag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn the canvas</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shift+Space+drag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Brush size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shift+drag, Ctrl+mouse wheel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Erase, or pick a colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alt+drag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add an area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shift+drag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Subtract an area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Intersect with an area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shift+Alt+drag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close a polygon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter, double click</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Polygon: back one corner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Backspace</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop the stroke</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Esc</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare a variant</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Space, held down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys at a glance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All keys, over the canvas, until the next key or click.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find an action…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything LazyDiff can do, by typing a part of its name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keyboard shortcuts…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change keys, or take those of Photoshop or Krita.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About LazyDiff</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Like the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Larger brush</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl and the mouse wheel do the same.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smaller brush</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Harder brush</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Softer brush</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fit in view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Actual size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shift+Space and dragging turns freely.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Upright</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mirror the view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only what you see: the picture stays as it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pixel grid</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lines between the pixels, from 800 % on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Canvas only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide everything else, and show it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mask everything</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Invert mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Grow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By how much is set in the mask&apos;s own menu above.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shrink</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Feather</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Soften its border: the fill fades into the picture there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quick mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the mask as a colour instead of an outline.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Load mask…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>White is filled, black stays, greys are soft.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save mask…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import sketch…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take a picture as the sketch, scaled into the mask.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear sketch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sketch colour…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Swap colours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Black and white</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New canvas…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export a copy…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write what you see; the project stays the project.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore unsaved work…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What LazyDiff had not saved when it ended unexpectedly.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paste as new picture</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AreaOptions</name>
    <message>
        <source>Tolerance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By how much, of 255, colours may differ from the one you click</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only what hangs together</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>BrushOptions</name>
    <message>
        <source>Hardness</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How much of the brush covers fully</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How much of the fill shows where the brush has been</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pressure and smoothing</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>BrushSize</name>
    <message>
        <source>Brush size, also Shift+drag, or Ctrl and the mouse wheel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Brush size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CanvasView</name>
    <message>
        <source>Canvas</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Colours</name>
    <message>
        <source>Sketch colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The colour of the sketch brush: click to choose another.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The colour behind: click, or X, to take it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Swap colours (X)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Black and white (D)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recent colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing painted yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour {}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Dialogs</name>
    <message>
        <source>Pictures ({})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sketch colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the changes to {} first?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>They are lost if you do not save them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open in another window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{} is open in another window.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A copy can be looked at, and saved under another name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show that window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not all of it could be opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Some of {} could not be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>… and {} more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file itself is left as it is: save what you see under another name.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Dress</name>
    <message>
        <source>The language changes with the next start of LazyDiff.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>EditRows</name>
    <message>
        <source>continues the surroundings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>discarded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>seed {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{} variants</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>needs a replay</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Editing</name>
    <message>
        <source>Mask everything</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Invert mask</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Files</name>
    <message>
        <source>The clipboard holds no picture: copy one first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only pictures on this computer can be dropped here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restored. Save it to keep it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Untitled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That picture is too large: scale it down first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{} is open in another window: choose another name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved {}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FillPanel</name>
    <message>
        <source>Prompt</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Guard</name>
    <message>
        <source>There is no unsaved work to restore.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Helping</name>
    <message>
        <source>About LazyDiff</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&lt;h3&gt;LazyDiff&lt;/h3&gt;&lt;p&gt;Paint a mask, say what should appear: that region, and only that region, is generated, at a cost set by the mask.&lt;/p&gt;</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Hint</name>
    <message>
        <source>then say what should appear there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Brush over a place on the canvas</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HistoryPanel</name>
    <message>
        <source>Every fill is listed here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>History of edits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click an edit to see its variants; double click to change and replay it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replay stale edits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something beneath these edits has changed since they were made.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change and replay…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy seed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reuse prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reuse prompt, seed and options</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bring its mask back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>History</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replay 1 later edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replay {} later edits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replaying edit {} of {}; Cancel stops it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bring mask back</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Journal</name>
    <message>
        <source>its folder cannot be written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your work is not guarded against crashes now ({}): save it.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>KeysOverlay</name>
    <message>
        <source>Keys at a glance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Any key or a click closes this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Canvas</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Open recent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading the model…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filled. {} tries another seed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready: {} fills the mask.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No recent files</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MaskPopup</name>
    <message>
        <source>Mask opacity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How strongly the colour covers the picture.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An even colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hatch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stripes, which are seen on any picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is filled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The colour lies over what is to be generated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What stays</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The colour lies over what is kept, as in film masks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How the mask is shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Style</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Over</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its shape</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Grow or shrink by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Feather by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mask colour {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other mask colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose any colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In pixels of the canvas</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour of the mask</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Masking</name>
    <message>
        <source>Grow mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shrink mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Feather mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Load mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mask.png</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mask saved as {}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Messages</name>
    <message>
        <source>Message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An unexpected fault occurred ({}). Save your picture and go on.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NewCanvasDialog</name>
    <message>
        <source>New canvas</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Width</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Height</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Create</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NewKey</name>
    <message>
        <source>New key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click here or press Enter in the list, then press the key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep its other keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add the new key instead of putting it in place of the others</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Assign</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give the action this key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave the action without a key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give the action the keys of the preset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fixed keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This belongs to the canvas and is the same in every preset.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take over</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press a key, alone or with Ctrl, Shift and Alt.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{} is needed by the canvas and the controls.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{} is free.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{} is this action&apos;s key already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{} belongs to “{}”, which would lose it.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>OptionsPanel</name>
    <message>
        <source>Options</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show or hide them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Negative prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What should not appear in the mask.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>optional</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More steps take longer and give finer results.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How closely the result follows the prompt.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of variants</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many results to choose from.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the model sees</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How much of the picture around the mask the result is fitted to.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Surroundings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close to the mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whole picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same seed gives the same result.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draw another seed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep this seed for the next fills</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Avoid</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Variants</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sees</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>Find an action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A part of its name or of its menu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Actions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Up and Down, then Enter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Up and Down to choose, Enter to run, Esc to leave</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is called “{}”.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PenPopup</name>
    <message>
        <source>Pressure sets the size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pressure sets the opacity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For the pen of a graphics tablet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calms a trembling hand; the line follows later.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ProgressPanel</name>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking at the canvas</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Decoding</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blending</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Generating</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step {} of {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> · {} left</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PromptEdit</name>
    <message>
        <source>What should appear here? e.g. a red mushroom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What to paint into the mask. Empty continues the surroundings.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RecipeEditor</name>
    <message>
        <source>Prompt of this edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What this edit is to paint; empty continues the surroundings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>continues the surroundings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seed of this edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same seed gives the same result.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Steps of this edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More steps take longer and give finer results.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Guidance of this edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How closely the result follows the prompt.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Strength of this edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How far the sketch of this edit is left behind.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replay this edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run it again; later edits that depend on it can follow.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Strength</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RecoveryDialog</name>
    <message>
        <source>Restore unsaved work</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>LazyDiff ended unexpectedly. This was not saved, and can be restored:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unsaved pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete unsaved work</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete {} for good?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Untitled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{} edits</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Session</name>
    <message>
        <source>Fill</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The edits were changed meanwhile, so they were not replayed: try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replay</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A part of a name, of a menu or of a key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search by name or key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys as another program has them; your own stay on top</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Canvas</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose an action to change its keys; bold ones are your own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Menu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give every action the keys of the preset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every change is kept already</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SketchPanel</name>
    <message>
        <source>Sketch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colours that a fill starts from: show or hide them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Strength</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>0 keeps the sketch as it is, 1 ignores it: how much noise is laid over it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the fill starts from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sketch under the noise that generation begins with.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paint with the sketch brush: within the mask, a fill starts from its colours.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None of the sketch lies in the mask, so it is ignored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Now brush the mask over it: only what lies in the mask counts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All noise: the sketch is ignored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{}% noise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, {} of {} steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>colours and shapes stay.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>colours stay, shapes settle.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>colours guide, shapes are free.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>only a hint of the colours is left.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Sketching</name>
    <message>
        <source>Clear sketch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import sketch</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>Canvas size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last fill</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pixels changed outside the mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model and device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{} x {} px</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Backend: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{} of {} tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{} steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filled in {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>context reused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{} pixels changed outside the mask</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StudyWindow</name>
    <message>
        <source>LazyDiff study</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was asked for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problem</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Right picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo last answer (Backspace)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo last answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>N{LEFTWARDS ARROW}  Left is better</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>N{DOWNWARDS ARROW}  About the same</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Right is better  N{RIGHTWARDS ARROW}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} of {1} answered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thank you. All answers are saved.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ToolOptions</name>
    <message>
        <source>Replace the mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add to the mask (Shift)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Subtract from the mask (Alt)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Intersect with the mask (Shift+Alt)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Toolbars</name>
    <message>
        <source>Commands</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How the mask is shown; grow, shrink and feather it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tools</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Tools</name>
    <message>
        <source>Mask brush</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Brush over the area to fill. Hold Alt to erase; Shift+drag for the size.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mask eraser</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take parts of the mask away. Hold Alt to paint; Shift+drag for the size.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rectangle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag a rectangle: Shift adds it, Alt subtracts, both intersect.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ellipse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag an ellipse: Shift adds it, Alt subtracts, both intersect.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lasso</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draw around an area: Shift adds it, Alt subtracts, both intersect.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click corner by corner; Enter closes, Backspace takes a corner back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Magic wand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click a colour to take what is like it: Shift adds, Alt subtracts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sketch brush</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paint colours for a fill to start from. Hold Alt to pick a colour.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sketch eraser</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take parts of the sketch away. Hold Alt to paint.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour picker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click or drag to take a colour for the sketch.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag the canvas about. Space does so with any tool.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click or drag right to enlarge, Alt+click or drag left to reduce.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add to mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Subtract from mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Intersect with mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paint mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Erase mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sketch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Erase sketch</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Triage</name>
    <message>
        <source>Other variant</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Apply variant</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Discard variant</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>VariantStrip</name>
    <message>
        <source>Variants</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Variants of the edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click or Left and Right: look. Double click or Enter: apply. Delete: discard. Hold Space: compare with the original.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Apply</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep this one alone (Enter)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hold to see the original (Space)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Discard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop this one (Delete)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep every variant in the history</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seed {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The results of a fill appear here, to choose from.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Discarded: a click brings it back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{} of {}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
