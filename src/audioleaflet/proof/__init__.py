"""What was made, held against what was meant: for the editor and the clinician who check a recording."""
