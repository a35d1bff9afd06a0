//! Globals from protocol 4 on: the names are strings like any other, and STACK_GLOBAL joins them.

use halfsour_runtime::{Result, Value};

use super::Saver;
use super::frame::{Frame, GlobalFrame, GlobalStage, Step};
use crate::opcode::Opcode;

impl<'gc> Saver<'_, 'gc> {
    pub(super) fn save_stack_global(
        &mut self,
        object: Value<'gc>,
        module: Value<'gc>,
        name: Value<'gc>,
    ) -> Result<'gc, ()> {
        let stage = GlobalStage::Module;
        self.begin(Frame::Global(Box::new(GlobalFrame { object, module, name, stage })))
    }

    pub(super) fn global_parts(&mut self, frame: &mut GlobalFrame<'gc>) -> Result<'gc, Step<'gc>> {
        loop {
            let part = match frame.stage {
                GlobalStage::Module => {
                    frame.stage = GlobalStage::Name;
                    frame.module
                }
                GlobalStage::Name => {
                    frame.stage = GlobalStage::Join;
                    frame.name
                }
                GlobalStage::Join => {
                    self.encoder.op(Opcode::STACK_GLOBAL);
                    self.memoize(frame.object);
                    return Ok(Step::Done);
                }
            };
            if !self.save_leaf(part)? {
                return Ok(Step::Part(part));
            }
        }
    }
}
